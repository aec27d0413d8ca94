using System.CommandLine;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic config validate</c>: checks file, environment and command line together.</summary>
internal static class ConfigValidate
{
    public static Command Create(Terminal terminal) =>
        new Command("validate", "Checks the configuration and tells every problem at once.").Runs(terminal, run =>
        {
            _ = run.Settings;
            run.Report(new { Valid = true }, console => console.WriteLine("The configuration is valid."));
            return ExitCode.Ok;
        });
}
