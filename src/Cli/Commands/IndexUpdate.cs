using System.CommandLine;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary><c>agentic index update</c>: documents of known id replace the earlier ones, others are added; all of them or none.</summary>
internal static class IndexUpdate
{
    public static Command Create(Terminal terminal)
    {
        var (index, corpus, triplets) = (IndexOptions.Index(), IndexOptions.Corpus(), IndexOptions.Triplets());
        var command = new Command("update", "Takes new documents over; a document of known id replaces the earlier one.") { index, corpus, triplets };
        return command.Runs(terminal, async run =>
        {
            var directory = run.Get(index)!;
            var source = run.Get(triplets) is null ? TripletSource.AsBuilt(directory, IndexManifest.Read(directory)) : run.Settings.Triplets;
            var builder = new IndexBuilder(run.Settings.Index, await TripletSource.OpenAsync(source, run).ConfigureAwait(false));
            await IndexRuns.ReportAsync(
                run,
                directory,
                progress => builder.UpdateAsync(run.Get(corpus)!, directory, progress, run.Cancelled),
                report => $"taken over, {report.Replaced:N0} in the place of an earlier one").ConfigureAwait(false);
            return ExitCode.Ok;
        });
    }
}
