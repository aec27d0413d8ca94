using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>What building and updating an index tell while they run and when they are done.</summary>
internal static class IndexRuns
{
    /// <summary>Runs one of them and reports it, with the seconds it took.</summary>
    /// <param name="outcome">What happened to the documents, for people.</param>
    public static async Task ReportAsync(Run run, string directory, Func<IProgress<IndexProgress>, Task<IndexReport>> work, Func<IndexReport, string> outcome)
    {
        var began = run.Terminal.Clock.GetTimestamp();
        var report = await work(Progress(run)).ConfigureAwait(false);
        var seconds = run.Terminal.Clock.GetElapsedTime(began).TotalSeconds;
        foreach (var kind in report.Skipped.GroupBy(file => file.Reason, StringComparer.Ordinal))
        {
            run.Note($"skipped {Counted.Of(kind.Count(), "file")} ({kind.Key}), like {kind.First().Path}");
        }

        run.Report(
            new { Index = directory, report.Documents, report.Resumed, report.Replaced, report.Unchanged, report.Chunks, Skipped = report.Skipped.Count, Seconds = seconds },
            console => console.MarkupLineInterpolated($"{directory}: {Counted.Of(report.Documents, "document")} {outcome(report)}."));
    }

    private static ProgressLines<IndexProgress> Progress(Run run) => new(
        run.Terminal.Error,
        run.Terminal.Clock,
        progress => $"{Counted.Of(progress.Documents, "document")}, {Counted.Of(progress.Chunks, "chunk")}");
}
