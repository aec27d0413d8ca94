namespace Agentic.Cli;

/// <summary>The key of an endpoint: it comes from the environment, goes to the client, and is written nowhere.</summary>
internal static class ApiKey
{
    /// <summary>Variables that may hold it; the first one that is set wins.</summary>
    public static IReadOnlyList<string> Names { get; } = ["AGENTIC_API_KEY", "OPENAI_API_KEY"];

    /// <summary>The name of the variable that holds the key, or null.</summary>
    public static string? SourceIn(IReadOnlyDictionary<string, string> environment) =>
        Names.FirstOrDefault(name => !string.IsNullOrWhiteSpace(environment.GetValueOrDefault(name)));

    /// <summary>The key, or null.</summary>
    public static string? In(IReadOnlyDictionary<string, string> environment) =>
        SourceIn(environment) is { } name ? environment[name].Trim() : null;
}
