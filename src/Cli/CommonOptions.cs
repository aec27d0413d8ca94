using System.CommandLine;

namespace Agentic.Cli;

/// <summary>Options that mean the same wherever they appear.</summary>
internal static class CommonOptions
{
    public static Option<string?> Config { get; } = new("--config")
    {
        Description = "Configuration file (default: agentic.json in the working folder, when there is one).",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Sets one value of the configuration, like --set retriever.k1=1.2; may be repeated.",
        HelpName = "path=value",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Report as one JSON object on standard output, and nothing else there.",
        Recursive = true,
    };

    /// <summary>What the command line says about the configuration: aliases first, then <c>--set</c>, which is the more exact.</summary>
    public static IEnumerable<Assignment> Assignments(ParseResult typed)
    {
        foreach (var alias in typed.CommandResult.Command.Options.OfType<AliasOption>())
        {
            if (typed.GetResult(alias) is { Implicit: false } && typed.GetValue(alias) is { } text)
            {
                yield return new Assignment(alias.Name, alias.Path, text);
            }
        }

        foreach (var pair in typed.GetValue(Set) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return equals > 0
                ? new Assignment("--set", pair[..equals].Trim(), pair[(equals + 1)..].Trim())
                : throw new UsageException($"--set {pair}: write path=value, like --set retriever.k1=1.2 (`agentic config show` lists the paths)");
        }
    }
}

/// <summary>A short name for a path of the configuration; its value is checked with the rest of the configuration.</summary>
internal sealed class AliasOption : Option<string?>
{
    public AliasOption(string name, string path, string description, string helpName)
        : base(name)
    {
        Path = path;
        Description = $"{description} [{path}]";
        HelpName = helpName;
    }

    /// <summary>The path it stands for.</summary>
    public string Path { get; }
}
