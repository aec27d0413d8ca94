using System.CommandLine;
using Agentic.Agent;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic collect retry</c>: plans again what came to nothing because the policy could not be asked.</summary>
internal static class CollectRetry
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of a collection." };
        return new Command("retry", "Plans the failed attempts of a collection again; the command that began it then makes them.") { folder }.Runs(terminal, run =>
        {
            var planned = CollectionLedger.Retry(run.Get(folder)!);
            run.Report(new { Planned = planned }, console => console.WriteLine($"{planned:N0} attempts are planned again; run the same `agentic collect` to make them"));
            return ExitCode.Ok;
        });
    }
}
