using System.Collections;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>What the program touches of its surroundings: two streams, the environment and the clock. Tests bring their own.</summary>
internal sealed class Terminal
{
    /// <summary>Columns of a table when nobody looks at it: wide enough that a row stays a line.</summary>
    private const int RedirectedWidth = 500;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>True when standard output is a person's screen: colours and boxes are welcome there.</summary>
    public bool IsScreen { get; init; }

    /// <summary>True when standard error is a person's screen: a line may be rewritten there.</summary>
    public bool IsErrorScreen { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder in which <c>agentic.json</c> is looked for.</summary>
    public string WorkingFolder { get; init; } = Directory.GetCurrentDirectory();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static Terminal OfProcess() => new()
    {
        Out = System.Console.Out,
        Error = System.Console.Error,
        IsScreen = !System.Console.IsOutputRedirected,
        IsErrorScreen = !System.Console.IsErrorRedirected,
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal),
    };

    /// <summary>A console for tables and coloured text; without escape codes when the output is redirected.</summary>
    public IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Out),
            Ansi = IsScreen ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsScreen ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!IsScreen)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
