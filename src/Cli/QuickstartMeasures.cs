using System.Text.Json.Serialization;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>A row of the table of retrievers.</summary>
internal sealed record RetrievalRow(
    string Retriever, [property: JsonPropertyName("recall@2")] double RecallAt2, [property: JsonPropertyName("recall@5")] double RecallAt5, double Seconds);

/// <summary>A row of the table of ways to select evidence.</summary>
internal sealed record AnsweringRow(string Mode, double Em, double F1, double Steps, double TokensPerRetrieval, double AnswerRecall);

/// <summary>What the quick start measures, on the held-out questions of the bundled corpus.</summary>
internal sealed record QuickstartMeasures(int Questions, IReadOnlyList<RetrievalRow> Retrieval, IReadOnlyList<AnsweringRow> Answering)
{
    private static readonly EvidenceMode[] Modes = [EvidenceMode.Chunks, EvidenceMode.Kag];

    public static async Task<QuickstartMeasures> RunAsync(Workbench bench, Run run)
    {
        var questions = await QuestionFile.ReadAsync(QuickstartCorpus.HeldOut, run.Cancelled).ConfigureAwait(false);
        var retrieval = new List<RetrievalRow>();
        foreach (var (kind, type) in OptionKinds.Of(typeof(RetrieverOptions)))
        {
            var retriever = bench.Retriever((RetrieverOptions)OptionsShape.Default(type)!);
            var report = await RetrievalEvaluation.RunAsync(retriever, questions, [2, 5], run.Terminal.Clock, run.Cancelled).ConfigureAwait(false);
            retrieval.Add(new RetrievalRow(kind, report["recall@2"], report["recall@5"], report.Seconds));
        }

        var answering = new List<AnsweringRow>();
        foreach (var mode in Modes)
        {
            var agent = bench.Agent(bench.Settings.Evidence with { Mode = mode });
            var result = await bench.Settings.Evaluation.Build(agent).RunAsync(questions, null, null, run.Cancelled).ConfigureAwait(false);
            var report = result.Report;
            var name = OptionsShape.EnumName(mode);
            answering.Add(new AnsweringRow(name, report.Em, report.F1, report.Steps, report.TokensPerRetrieval, report.AnswerRecall));
        }

        return new QuickstartMeasures(questions.Count, retrieval, answering);
    }
}
