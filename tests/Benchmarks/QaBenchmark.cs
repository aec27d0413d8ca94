using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>The symbolic policy through the whole loop: every set, every mode, by type, and under the evidence of other chunks.</summary>
internal static class QaBenchmark
{
    /// <summary>How far away the shuffled evidence lies, as a share of the corpus; figures are means over these.</summary>
    private static readonly double[] Offsets = [0.25, 0.5, 0.75];

    private static readonly EvidenceMode[] Modes = [EvidenceMode.Kag, EvidenceMode.Chunks, EvidenceMode.Graph, EvidenceMode.Concat];

    public static async Task<int> RunAsync(string data)
    {
        var rows = new List<Dictionary<string, object>>();
        foreach (var name in new[] { "multihop-2wiki1000", "multihop-2wiki-dev164", "multihop-hotpot-dev200", "multihop-musique-dev200" })
        {
            rows.AddRange(await RowsAsync(await BenchmarkSet.PublicAsync(data, name)));
        }

        rows.AddRange(await RowsAsync(await BenchmarkSet.OwnAsync("averra, tuning", "questions.jsonl")));
        rows.AddRange(await RowsAsync(await BenchmarkSet.OwnAsync("averra, held out", "questions.heldout.jsonl")));
        BenchmarkReport.Write("qa", "dotnet run -c Release --project tests/Benchmarks -- qa --data DIR", rows);
        return 0;
    }

    private static async Task<List<Dictionary<string, object>>> RowsAsync(BenchmarkSet set)
    {
        var rows = new List<Dictionary<string, object>>();
        foreach (var mode in Modes)
        {
            var evidence = set.Snapshot.Evidence(new TeaRagOptions { Mode = mode });
            AddRows(rows, set, mode.ToString().ToLowerInvariant(), [await ReportAsync(set, evidence)]);
            if (mode == EvidenceMode.Kag)
            {
                var reports = new List<QaReport>();
                foreach (var offset in Offsets)
                {
                    reports.Add(await ReportAsync(set, new ShuffledEvidence(evidence, set.Index.Chunks, offset)));
                }

                AddRows(rows, set, "kag, shuffled", reports);
            }
        }

        set.Index.Dispose();
        return rows;
    }

    private static async Task<QaReport> ReportAsync(BenchmarkSet set, IEvidenceRetriever evidence)
    {
        var policy = new SymbolicPolicyOptions().Build(new PolicyResources(set.Snapshot.Linker));
        var loop = new AgentBuilder().WithPolicy(policy).WithEvidence(evidence).Build();
        return (await new QaEvaluationOptions { Concurrency = 2 }.Build(loop).RunAsync(set.Questions, null, null, default)).Report;
    }

    private static void AddRows(List<Dictionary<string, object>> rows, BenchmarkSet set, string mode, IReadOnlyList<QaReport> reports)
    {
        var all = Row(set, mode, "all", reports[0].Questions, [.. reports.Select(report => (report.Em, report.F1, report.Steps))]);
        all["thinking_tokens"] = Math.Round(reports.Average(report => report.ThinkingTokens), 1);
        all["tokens_per_retrieval"] = Math.Round(reports.Average(report => report.TokensPerRetrieval), 1);
        all["answer_recall"] = Math.Round(reports.Average(report => report.AnswerRecall), 4);
        rows.Add(all);
        Console.WriteLine(string.Join("  ", all.Select(pair => $"{pair.Key} {pair.Value}")));
        foreach (var (type, group) in reports[0].ByType)
        {
            rows.Add(Row(set, mode, type, group.Questions, [.. reports.Select(report => report.ByType[type]).Select(of => (of.Em, of.F1, of.Steps))]));
        }
    }

    private static Dictionary<string, object> Row(BenchmarkSet set, string mode, string type, int questions, IReadOnlyList<(double Em, double F1, double Steps)> figures) => new()
    {
        ["set"] = set.Name,
        ["mode"] = mode,
        ["type"] = type,
        ["questions"] = questions,
        ["em"] = Math.Round(figures.Average(of => of.Em), 4),
        ["f1"] = Math.Round(figures.Average(of => of.F1), 4),
        ["steps"] = Math.Round(figures.Average(of => of.Steps), 2),
    };
}
