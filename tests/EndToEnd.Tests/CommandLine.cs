using Agentic.Cli;

namespace Agentic.EndToEnd.Tests;

/// <summary>Runs a command line in this process, as the executable would, and keeps what it printed.</summary>
internal sealed record CommandLine(int Code, string Out, string Error)
{
    public static Task<CommandLine> RunAsync(params string[] arguments) =>
        RunAsync(new Dictionary<string, string>(), arguments);

    public static async Task<CommandLine> RunAsync(IReadOnlyDictionary<string, string> environment, string[] arguments, string? folder = null, TimeProvider? clock = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            Environment = environment,
            WorkingFolder = folder ?? AppContext.BaseDirectory,
            Clock = clock ?? TimeProvider.System,
        };
        var code = await Application.RunAsync(arguments, terminal, TestContext.Current.CancellationToken);
        return new CommandLine(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts a refusal: exit code 2, nothing on standard output, and a message that contains each text.</summary>
    public void Refused(params string[] texts)
    {
        Assert.True(Code == ExitCode.Usage, $"exit code {Code}, expected 2\n{Error}");
        Assert.Equal("", Out);
        Assert.All(texts, text => Assert.Contains(text, Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}
