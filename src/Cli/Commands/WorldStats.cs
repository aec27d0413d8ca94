using System.CommandLine;
using Agentic.Agent;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic world stats</c>: the size of a world, its questions by kind, and how far the symbolic policy gets beside two controls.</summary>
internal static class WorldStats
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of a world made by 'world generate'." };
        return new Command("stats", "Counts a world and measures the symbolic policy in it, beside exchanged answers and a closed book.") { folder }.Runs(terminal, async run =>
        {
            var world = await WorldFolder.ReadAsync(run.Get(folder)!, run.Cancelled).ConfigureAwait(false);
            var settings = run.Settings;
            using var index = WorldIndex.Of(world, settings.Index.Chunking, await TripletSource.OpenAsync(settings.Triplets, run).ConfigureAwait(false));
            var policy = new SymbolicPolicy(index.Snapshot.Linker);
            var open = await MeasureAsync(index.Snapshot.Evidence(settings.Evidence, settings.Retriever)).ConfigureAwait(false);
            var closed = await MeasureAsync(new NoEvidence()).ConfigureAwait(false);
            var report = WorldReport.Of(world, index.Index.Chunks, open.Outcomes, closed.Outcomes);
            run.Report(report, console => Show(console, report));
            return ExitCode.Ok;

            Task<QaRun> MeasureAsync(IEvidenceRetriever evidence) =>
                settings.Evaluation.Build(settings.Agent.Build(policy, evidence, run.Terminal.Clock)).RunAsync(world.Questions, log: null, progress: null, run.Cancelled);
        });
    }

    private static void Show(IAnsiConsole console, WorldReport report)
    {
        Tables.Pairs(console, new { report.Documents, report.Chunks, report.Triplets, report.Kinds, report.Relations, report.Questions, report.MeanWords, report.MostWords, report.RuleRecall });
        var table = new Table().Border(TableBorder.Simple).AddColumns("type", "hops", "held out", "questions", "symbolic em", "exchanged answers", "closed book");
        foreach (var group in report.Groups)
        {
            table.AddRow(Markup.Escape(group.Type), $"{group.Hops}", Markup.Escape(group.HeldOut), $"{group.Questions:N0}", $"{group.Em:0.000}", $"{group.ExchangedEm:0.000}", $"{group.ClosedBookEm:0.000}");
        }

        console.Write(table);
    }
}
