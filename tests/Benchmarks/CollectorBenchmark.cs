using System.Diagnostics;
using System.Globalization;
using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>Collects, scores and pairs scripted trajectories: what the collector adds to an attempt, how much is stored, and whether memory grows with the collection.</summary>
internal static class CollectorBenchmark
{
    private const int Samples = 8;
    private const int Concurrency = 16;

    public static async Task<int> RunAsync(int trajectories)
    {
        var folder = Directory.CreateTempSubdirectory("agentic-collector-").FullName;
        try
        {
            var questions = Enumerable.Range(0, trajectories / Samples).Select(QuestionOf).ToList();
            var loop = new AgentLoopOptions().Build(new ScriptedPolicy(Write), new PoolEvidence());
            var rows = new List<Dictionary<string, object>>();
            // Compiled and warm before anything is compared.
            await BareAsync(loop, [.. questions.Take(500)]);
            await CollectAsync(loop, [.. questions.Take(250)], Path.Combine(folder, "warm"));
            var bare = await BareAsync(loop, questions);
            var collecting = await CollectAsync(loop, questions, folder);
            Row(rows, "collect", trajectories, collecting, new()
            {
                ["overhead_cpu_ms"] = Math.Round(1000 * (collecting.Cpu - bare.Cpu) / trajectories, 3),
                ["overhead_wall_ms"] = Math.Round(1000 * (collecting.Wall - bare.Wall) / trajectories, 3),
                ["bytes_each"] = new FileInfo(Path.Combine(folder, "collection.db")).Length / trajectories,
            });
            Row(rows, "score", trajectories, await ScoreAsync(folder), new() { ["bytes_each"] = new FileInfo(Path.Combine(folder, "scored.jsonl")).Length / trajectories });
            var watch = Watch.Start();
            var report = await PairBuilding.RunAsync(Path.Combine(folder, "scored.jsonl"), new IpDpoPairRuleOptions().Build(), null, Path.Combine(folder, "pairs.jsonl"), default);
            Row(rows, "pair", trajectories, watch.Read(), new() { ["pairs"] = report.Pairs });
            var name = trajectories == 100_000 ? "collector" : "collector-" + trajectories.ToString(CultureInfo.InvariantCulture);
            BenchmarkReport.Write(name, string.Create(CultureInfo.InvariantCulture, $"dotnet run -c Release --project tests/Benchmarks -- collector {trajectories}"), rows);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Question QuestionOf(int number) => new($"q{number:D6}", $"Where was the designer of bridge {number} born?")
    {
        Answers = [$"Town {number % 97}"],
        Hops = 2,
        Decomposition =
        [
            new SubQuestion($"Who designed bridge {number}?", $"Person {number % 89}", null),
            new SubQuestion("Where was #1 born?", $"Town {number % 97}", null),
        ],
    };

    // Right, wrong, needlessly long and malformed attempts, by the seed of the attempt.
    private static string Write(PolicyRequest request, int call)
    {
        var number = int.Parse(request.Key.QuestionId.AsSpan(1), CultureInfo.InvariantCulture);
        var kind = request.Key.Attempt % 4;
        if (kind == 3)
        {
            return "I would rather not.";
        }

        var steps = kind == 1 ? 4 : 2;
        var subquery = call % 2 == 0 ? $"Who designed bridge {number}?" : $"Where was Person {number % 89} born?";
        var summary = call == 0 ? "" : ProtocolText.RenderSummary(call % 2 == 1 ? $"Bridge {number} was designed by Person {number % 89}." : $"Person {number % 89} was born in Town {number % 97}.");
        return call < steps
            ? summary + ProtocolText.RenderStep(call + 1, [call % 2 == 0 ? $"bridge {number}" : $"Person {number % 89}"], subquery)
            : summary + ProtocolText.RenderAnswer(kind == 2 ? $"Town {(number + 1) % 97}" : $"Town {number % 97}");
    }

    private static async Task<Spent> BareAsync(AgentLoop loop, List<Question> questions)
    {
        var watch = Watch.Start();
        await Parallel.ForEachAsync(
            questions.SelectMany(question => Enumerable.Range(0, Samples).Select(sample => (question, sample))),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
            async (task, token) => await loop.RunAsync(new TrajectoryKey(task.question.Id, task.sample), task.question.Text, null, token));
        return watch.Read();
    }

    private static async Task<Spent> CollectAsync(AgentLoop loop, List<Question> questions, string folder)
    {
        var watch = Watch.Start();
        using var ledger = CollectionLedger.Open(folder, new RunConfiguration([KeyValuePair.Create("policy", "scripted")]), new CollectionPlan(questions, Samples));
        await new CollectionOptions { Concurrency = Concurrency }.Build(loop).RunAsync(ledger, new Heartbeat(questions.Count * Samples / 4), default);
        return watch.Read();
    }

    private static async Task<Spent> ScoreAsync(string folder)
    {
        var watch = Watch.Start();
        using var collection = CollectionFolder.Open(folder);
        var questions = collection.Questions.ToDictionary(question => question.Id, StringComparer.Ordinal);
        var scorer = new TrajectoryScorer(new ScoringOptions());
        await using var writer = await ScoredWriter.CreateAsync(Path.Combine(folder, "scored.jsonl"), new DemonstrationHeader(), default);
        foreach (var trajectory in collection.Read())
        {
            await writer.WriteAsync(await scorer.ScoreAsync(questions[trajectory.QuestionId], trajectory, default), default);
        }

        await writer.CommitAsync();
        return watch.Read();
    }

    private static void Row(List<Dictionary<string, object>> rows, string stage, int trajectories, Spent spent, Dictionary<string, object> more)
    {
        var row = new Dictionary<string, object>
        {
            ["stage"] = stage,
            ["trajectories"] = trajectories,
            ["seconds"] = Math.Round(spent.Wall, 1),
            ["cpu_ms_each"] = Math.Round(1000 * spent.Cpu / trajectories, 3),
            ["peak_rss_mib"] = PeakMebibytes(),
        };
        foreach (var (key, value) in more)
        {
            row[key] = value;
        }

        rows.Add(row);
        Console.WriteLine(string.Join("  ", row.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}"))));
    }

    private static long PeakMebibytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }

    private readonly record struct Spent(double Wall, double Cpu);

    /// <summary>Wall time, and processor time of all threads, which says more on a busy machine.</summary>
    private readonly record struct Watch(long Began, TimeSpan Cpu)
    {
        public static Watch Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

        public Spent Read() => new(Stopwatch.GetElapsedTime(Began).TotalSeconds, (Environment.CpuUsage.TotalTime - Cpu).TotalSeconds);
    }

    /// <summary>Five chunks out of a pool, by the subquery.</summary>
    private sealed class PoolEvidence : IEvidenceRetriever
    {
        private readonly Evidence[] _pool = [.. Enumerable.Range(0, 500).Select(number => new Evidence.OfChunk(
            new Chunk($"c{number}", $"c{number}", 0, $"Person {number}", $"Person {number} was born in Town {number % 97}. {string.Join(' ', Enumerable.Range(0, 60).Select(word => $"word{(number * 7) + word}"))}", 0, 0), 0.5))];

        public ValueTask<EvidenceResult> RetrieveAsync(EvidenceRequest request, CancellationToken cancellationToken)
        {
            var at = (int)(StableHash.Of(request.Subquery) % 495);
            return ValueTask.FromResult(new EvidenceResult(_pool[at..(at + 5)]));
        }
    }

    /// <summary>Says how much memory is in use at every quarter.</summary>
    private sealed class Heartbeat(int every) : IProgress<CollectionProgress>
    {
        private int _told;

        public void Report(CollectionProgress value)
        {
            if (value.Done / every > _told)
            {
                _told = value.Done / every;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Done} collected, {value.PerSecond:0}/s, peak {PeakMebibytes()} MiB"));
            }
        }
    }
}
