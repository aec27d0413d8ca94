using System.Diagnostics;
using System.Globalization;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>What the cut of the association graph costs and saves: every evidence mode under the symbolic policy, against chunks alone with the same number of items.</summary>
internal static class EvidenceBenchmark
{
    private static readonly Seed Resampling = new(1);

    /// <summary>Chunks alone come first: the others are compared with them.</summary>
    private static readonly EvidenceMode[] Modes = [EvidenceMode.Chunks, EvidenceMode.Graph, EvidenceMode.Concat, EvidenceMode.Kag, EvidenceMode.Top, EvidenceMode.Random];

    public static async Task<int> RunAsync(string data)
    {
        var rows = new List<Dictionary<string, object>>();
        foreach (var name in new[] { "multihop-2wiki1000", "multihop-hotpot-dev200", "multihop-musique-dev200" })
        {
            rows.AddRange(await SetAsync(await BenchmarkSet.PublicAsync(data, name)));
        }

        rows.AddRange(await SetAsync(await BenchmarkSet.OwnAsync("averra, held out", "questions.heldout.jsonl")));
        BenchmarkReport.Write("evidence", "dotnet run -c Release --project tests/Benchmarks -- evidence --data DIR", rows);

        return 0;
    }

    private static async Task<IReadOnlyList<Dictionary<string, object>>> SetAsync(BenchmarkSet set)
    {
        var policy = new SymbolicPolicyOptions().Build(new PolicyResources(set.Snapshot.Linker));
        var rows = new List<Dictionary<string, object>>();
        IReadOnlyList<QaOutcome>? chunksOnly = null;
        foreach (var mode in Modes)
        {
            var evidence = set.Snapshot.Evidence(new TeaRagOptions { Mode = mode });
            var loop = new AgentBuilder().WithPolicy(policy).WithEvidence(evidence).Build();
            var run = await new QaEvaluationOptions { Concurrency = 2 }.Build(loop).RunAsync(set.Questions, null, null, default);
            chunksOnly ??= run.Outcomes;
            rows.Add(Row(set.Name, mode, run, chunksOnly));
            rows[^1]["ms_per_retrieval_p50"] = await MedianMillisecondsAsync(evidence, run);
            Console.WriteLine(string.Join("  ", rows[^1].Select(pair => $"{pair.Key} {Convert.ToString(pair.Value, CultureInfo.InvariantCulture)}")));
        }

        set.Index.Dispose();
        return rows;
    }

    /// <summary>Wall time of one retrieval, one at a time, over the steps of a run.</summary>
    private static async Task<double> MedianMillisecondsAsync(IEvidenceRetriever evidence, QaRun run)
    {
        var times = new List<double>();
        foreach (var step in run.Outcomes.SelectMany(outcome => outcome.Trajectory.Steps))
        {
            var start = Stopwatch.GetTimestamp();
            await evidence.RetrieveAsync(new EvidenceRequest(step.Subquery, step.KeyEntities), default);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return Math.Round(times[times.Count / 2], 2);
    }

    private static Dictionary<string, object> Row(string set, EvidenceMode mode, QaRun run, IReadOnlyList<QaOutcome> chunksOnly)
    {
        var report = run.Report;
        var evidence = run.Outcomes.SelectMany(outcome => outcome.Trajectory.Steps).Select(step => step.Evidence).ToArray();
        var baseline = QaReport.Of(chunksOnly);
        var row = new Dictionary<string, object>
        {
            ["set"] = set,
            ["mode"] = mode.ToString().ToLowerInvariant(),
            ["questions"] = report.Questions,
            ["em"] = Math.Round(report.Em, 4),
            ["f1"] = Math.Round(report.F1, 4),
            ["steps"] = Math.Round(report.Steps, 2),
            ["chunks_per_retrieval"] = Math.Round(evidence.Average(items => items.Count(item => item is Evidence.OfChunk)), 2),
            ["triplets_per_retrieval"] = Math.Round(evidence.Average(items => items.Count(item => item is Evidence.OfTriplet)), 2),
            ["tokens_per_retrieval"] = Math.Round(report.TokensPerRetrieval, 1),
            ["answer_recall"] = Math.Round(report.AnswerRecall, 4),
        };
        if (mode != EvidenceMode.Chunks)
        {
            row["tokens_saved"] = Math.Round(1 - (report.TokensPerRetrieval / baseline.TokensPerRetrieval), 3);
            row["answer_recall_difference"] = Difference(run.Outcomes, chunksOnly, outcome => outcome.AnswerRecall);
            AddLost(row, run.Outcomes, chunksOnly);
            row["em_difference"] = Difference(run.Outcomes, chunksOnly, outcome => outcome.Em);
        }

        return row;
    }

    /// <summary>Questions whose answer only chunks alone had in view, and the median relevance of the best chunk that held it: low means that it was there by chance.</summary>
    private static void AddLost(Dictionary<string, object> row, IReadOnlyList<QaOutcome> system, IReadOnlyList<QaOutcome> chunksOnly)
    {
        var lost = system.Zip(chunksOnly).Where(pair => pair.First.AnswerRecall == 0 && pair.Second.AnswerRecall == 1).Select(pair => pair.Second).ToArray();
        var relevance = lost.Select(outcome => outcome.Trajectory.Steps.SelectMany(step => step.Evidence).OfType<Evidence.OfChunk>()
            .Where(item => outcome.Question.Answers.Any(answer => EntityName.Key($"{item.Chunk.Title} {item.Chunk.Text}").Contains(EntityName.Key(answer), StringComparison.Ordinal)))
            .Max(item => (double?)item.Score) ?? 0).Order().ToArray();
        row["answers_lost"] = lost.Length;
        row["median_relevance_of_lost"] = lost.Length == 0 ? 0 : Math.Round(relevance[relevance.Length / 2], 3);
    }

    /// <summary>Mean paired difference to chunks alone with its 95 % interval, in points.</summary>
    private static string Difference(IReadOnlyList<QaOutcome> system, IReadOnlyList<QaOutcome> baseline, Func<QaOutcome, double?> value)
    {
        var pairs = system.Zip(baseline).Where(pair => value(pair.First).HasValue && value(pair.Second).HasValue).ToArray();
        var (mean, low, high) = PairedBootstrap.Compare([.. pairs.Select(pair => value(pair.First)!.Value)], [.. pairs.Select(pair => value(pair.Second)!.Value)], Resampling);
        return string.Create(CultureInfo.InvariantCulture, $"{100 * mean:0.0} [{100 * low:0.0}, {100 * high:0.0}]");
    }
}
