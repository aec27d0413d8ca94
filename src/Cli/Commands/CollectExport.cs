using System.CommandLine;
using Agentic.Agent;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic collect export</c>: a collection as a file, in its own form or in one that other programs read.</summary>
internal static class CollectExport
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string>("--in") { Description = "Folder of a collection.", HelpName = "DIR", Required = true };
        var form = Choice.Of("--to", "The form of the rows.", TrajectoryForm.Own);
        var output = new Option<string>("--out") { Description = "File to write, JSON Lines.", HelpName = "FILE", Required = true };
        return new Command("export", "Writes a collection as JSON Lines: our own trajectories, OpenAI messages, or ATIF.") { input, form, output }.Runs(terminal, async run =>
        {
            using var collection = CollectionFolder.Open(run.Get(input)!);
            using var file = WholeFile.Claim("--out", run.Get(output)!);
            var rows = await TrajectoryExport.WriteAsync(collection, run.Get(form), file.TemporaryPath, run.Cancelled).ConfigureAwait(false);
            file.Commit();
            run.Report(new { Rows = rows, Path = run.Get(output) }, console => console.WriteLine($"{rows:N0} trajectories in {run.Get(output)}"));
            return ExitCode.Ok;
        });
    }
}
