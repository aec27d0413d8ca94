using System.CommandLine;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic index build</c>: a corpus becomes an index with its triplets; a run that was cut off goes on.</summary>
internal static class IndexBuild
{
    public static Command Create(Terminal terminal)
    {
        var corpus = IndexOptions.Corpus();
        var output = new Option<string>("--out") { Description = "Folder of the index: absent, empty, or one that this command has begun.", HelpName = "DIR", Required = true };
        var force = new Option<bool>("--force") { Description = "Write into the folder even if it holds something else; an index in it is replaced." };
        var command = new Command("build", "Builds the index of a corpus, with the triplets of each chunk.")
        {
            corpus, output, force, IndexOptions.Triplets(), IndexOptions.ChunkTokens(), IndexOptions.ChunkOverlap(),
        };
        return command.Runs(terminal, async run =>
        {
            var directory = run.Get(output)!;
            var settings = run.Settings;
            var triplets = await TripletSource.OpenAsync(settings.Triplets, run).ConfigureAwait(false);
            var builder = new IndexBuilder(settings.Index with { Overwrite = settings.Index.Overwrite || run.Get(force) }, triplets);
            await IndexRuns.ReportAsync(
                run,
                directory,
                progress => builder.BuildAsync(run.Get(corpus)!, directory, progress, run.Cancelled),
                report => report.Unchanged ? "already built, unchanged" : report.Resumed > 0 ? $"built, {report.Resumed:N0} of them by an earlier run" : "built").ConfigureAwait(false);
            return ExitCode.Ok;
        });
    }
}
