using System.CommandLine;
using System.CommandLine.Parsing;

namespace Agentic.Cli;

/// <summary>Says what is wrong with a command line, with the nearest name and where to read on.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult typed, TextWriter error)
    {
        var command = typed.CommandResult.Command;
        var path = PathOf(typed.CommandResult);
        var unmatched = typed.UnmatchedTokens.ToHashSet(StringComparer.Ordinal);

        // A misspelt option takes the place of an argument, and its value is then one too many: name the option alone.
        var misspelt = typed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Where(token => token.StartsWith("--", StringComparison.Ordinal)).ToArray();
        foreach (var token in misspelt.Length > 0 ? misspelt : typed.UnmatchedTokens)
        {
            error.WriteLine(token.StartsWith('-')
                ? $"error: {path} has no option {token}{NearestName.Hint(token, OptionsOf(typed.CommandResult))}"
                : command.Subcommands.Count > 0
                    ? $"error: {path} has no command '{token}'{NearestName.Hint(token, [.. command.Subcommands.Select(verb => verb.Name)])}"
                    : $"error: '{token}' is one argument too many for {path}; put quotes around a text of several words");
        }

        foreach (var problem in typed.Errors.Where(problem => !unmatched.Any(token => problem.Message.Contains($"'{token}'", StringComparison.Ordinal))))
        {
            // Without its subcommand a command is only missing something when nothing else explains it.
            if (command.Subcommands.Count > 0 && unmatched.Count == 0)
            {
                var hint = typed.CommandResult.Parent is null ? " (new here? type `agentic quickstart`)" : "";
                error.WriteLine($"error: {path} needs a command: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}{hint}");
            }
            else if (command.Subcommands.Count == 0)
            {
                error.WriteLine($"error: {problem.Message}");
            }
        }

        error.WriteLine($"`{path} --help` shows how it is used.");
        return ExitCode.Usage;
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "agentic";

    private static List<string> OptionsOf(CommandResult result)
    {
        var names = result.Command.Options.Where(option => !option.Hidden).Select(option => option.Name).ToList();
        for (var parent = result.Parent as CommandResult; parent is not null; parent = parent.Parent as CommandResult)
        {
            names.AddRange(parent.Command.Options.Where(option => option.Recursive).Select(option => option.Name));
        }

        return names;
    }
}
