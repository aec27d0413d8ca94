using System.CommandLine;
using Agentic.Agent;

namespace Agentic.Cli;

/// <summary><c>agentic collect status</c>: how far a collection is, also while it goes on.</summary>
internal static class CollectStatus
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of a collection." };
        return new Command("status", "How far a collection is; may be asked while it goes on.") { folder }.Runs(terminal, run =>
        {
            using var collection = CollectionFolder.Open(run.Get(folder)!);
            var status = CollectionReports.Of(collection.Status);
            run.Report(status, console => Tables.Pairs(console, status));
            return ExitCode.Ok;
        });
    }
}
