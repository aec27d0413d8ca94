using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>What building and updating an index tell while they run and when they are done.</summary>
internal static class IndexRuns
{
    public static IProgress<IndexProgress> Progress(Run run) => new ProgressLines<IndexProgress>(
        run.Terminal.Error,
        run.Terminal.Clock,
        progress => $"{progress.Documents:N0} documents, {progress.Chunks:N0} chunks");

    public static void Report(Run run, string directory, IndexReport report, string outcome)
    {
        foreach (var kind in report.Skipped.GroupBy(file => file.Reason, StringComparer.Ordinal))
        {
            run.Note($"skipped {kind.Count():N0} files ({kind.Key}), like {kind.First().Path}");
        }

        run.Report(
            new { Index = directory, report.Documents, report.Resumed, report.Replaced, report.Unchanged, Skipped = report.Skipped.Count },
            console => console.MarkupLineInterpolated($"{directory}: {report.Documents:N0} documents {outcome}."));
    }
}
