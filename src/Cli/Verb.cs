using System.CommandLine;

namespace Agentic.Cli;

/// <summary>Ties the body of a verb to its command.</summary>
internal static class Verb
{
    public static Command Runs(this Command command, Terminal terminal, Func<Run, Task<int>> body)
    {
        command.SetAction((typed, cancellationToken) => body(new Run(terminal, typed, cancellationToken)));
        return command;
    }

    public static Command Runs(this Command command, Terminal terminal, Func<Run, int> body) =>
        command.Runs(terminal, run => Task.FromResult(body(run)));
}
