using System.CommandLine;
using System.Globalization;

namespace Agentic.Cli;

/// <summary>Values of the command line that must make sense before any work begins.</summary>
internal static class Limits
{
    /// <summary>An option that takes a whole number of at least 1.</summary>
    public static Option<int> Option(string name, string description, int defaultValue)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => defaultValue };
        option.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1)
            {
                return value;
            }

            result.AddError($"{name} must be a whole number of at least 1, not {result.Tokens[0].Value}");
            return defaultValue;
        };
        return option;
    }

    /// <summary>An option that takes a whole number of at least 1, or nothing.</summary>
    public static Option<int?> Optional(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1)
            {
                return value;
            }

            result.AddError($"{name} must be a whole number of at least 1, not {result.Tokens[0].Value}");
            return null;
        };
        return option;
    }

    /// <summary>The option <c>--seed</c>.</summary>
    public static Option<ulong> Seed(string description) => new("--seed") { Description = description, HelpName = "N", DefaultValueFactory = _ => 0UL };

    /// <summary>The text, which must not be blank.</summary>
    public static string Text(string name, string? value) =>
        string.IsNullOrWhiteSpace(value) ? throw new UsageException($"{name}: is empty; write a question or key words in quotes") : value;
}
