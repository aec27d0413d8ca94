using System.Diagnostics;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>Test worlds under the symbolic policy, by what is held out and by kind, beside both controls; and how long worlds and demonstrations take.</summary>
internal static class WorldsBenchmark
{
    private const string Command = "dotnet run -c Release --project tests/Benchmarks -- worlds";
    private const int Seeds = 3;

    public static async Task<int> RunAsync()
    {
        var options = new WorldOptions { Split = WorldSplit.Test, HeldOut = HeldOut.Template | HeldOut.Composition, Documents = 300, Questions = 1500 };
        var groups = new List<(string World, WorldReport Report)>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            groups.Add(("generated", await MeasureAsync(new WorldGenerator(options).Generate(new Seed((ulong)seed)))));
        }

        groups.Add(("paraphrased", await MeasureAsync(await WorldFolder.ReadAsync(Path.Combine(BenchmarkReport.Root, "corpora", "worlds", "paraphrased"), CancellationToken.None))));
        var rows = Rows(groups).ToList();
        BenchmarkReport.Write("worlds", Command, rows);
        BenchmarkReport.Write("world-speed", Command, [await SpeedAsync()]);
        foreach (var row in rows)
        {
            Console.WriteLine(string.Join("  ", row.Select(cell => FormattableString.Invariant($"{cell.Key}={cell.Value}"))));
        }

        return 0;
    }

    private static IEnumerable<Dictionary<string, object>> Rows(IReadOnlyList<(string World, WorldReport Report)> worlds) =>
        from world in worlds
        from part in world.Report.Groups
        group (part, world.Report) by (world.World, part.HeldOut, part.Type, part.Hops) into parts
        orderby parts.Key.World, parts.Key.HeldOut, parts.Key.Type, parts.Key.Hops
        let questions = parts.Sum(pair => pair.part.Questions)
        select new Dictionary<string, object>
        {
            ["world"] = parts.Key.World,
            ["held_out"] = parts.Key.HeldOut,
            ["type"] = parts.Key.Type.Replace('_', '/'),
            ["hops"] = parts.Key.Hops,
            ["questions"] = questions,
            ["em"] = Mean(parts, questions, part => part.Em),
            ["exchanged_em"] = Mean(parts, questions, part => part.ExchangedEm),
            ["closed_book_em"] = Mean(parts, questions, part => part.ClosedBookEm),
        };

    private static double Mean(IEnumerable<(WorldReportGroup Part, WorldReport Report)> parts, int questions, Func<WorldReportGroup, double> value) =>
        Math.Round(parts.Sum(pair => pair.Part.Questions * value(pair.Part)) / questions, 4);

    private static async Task<WorldReport> MeasureAsync(World world)
    {
        using var index = IndexOf(world);
        var snapshot = GraphSnapshot.Freeze(index);
        var policy = new SymbolicPolicy(snapshot.Linker);
        var open = await AnswerAsync(policy, snapshot.Evidence(new TeaRagOptions()), world);
        var closed = await AnswerAsync(policy, new NoEvidence(), world);
        return WorldReport.Of(world, index.Chunks, open, closed);
    }

    private static async Task<IReadOnlyList<QaOutcome>> AnswerAsync(IPolicy policy, IEvidenceRetriever evidence, World world) =>
        (await new QaEvaluationOptions { Concurrency = 2 }.Build(new AgentLoopOptions().Build(policy, evidence)).RunAsync(world.Questions, log: null, progress: null, CancellationToken.None)).Outcomes;

    private static ChunkIndex IndexOf(World world)
    {
        var (chunker, extractor) = (new Chunker(new ChunkerOptions()), new RuleTripletExtractor());
        return ChunkIndex.Of(from document in world.Documents from chunk in chunker.Cut(document) select new IndexedChunk(chunk, extractor.Extract(chunk)));
    }

    /// <summary>What a training recipe pays: worlds of the default size, one thread, after a first one that warms up.</summary>
    private static async Task<Dictionary<string, object>> SpeedAsync()
    {
        const int Worlds = 20;
        var (generate, freeze, demonstrate, rows, documents, words) = (0.0, 0.0, 0.0, 0, 0, 0);
        var dropped = 0;
        for (var seed = -1; seed < Worlds; seed++)
        {
            var clock = Stopwatch.StartNew();
            var world = new WorldGenerator(new WorldOptions()).Generate(new Seed((ulong)(1000 + seed)));
            var generated = clock.Elapsed.TotalMilliseconds;
            using var index = IndexOf(world);
            var snapshot = GraphSnapshot.Freeze(index);
            var frozen = clock.Elapsed.TotalMilliseconds;
            var builder = new DemonstrationBuilder(world, snapshot.Evidence(new TeaRagOptions { Items = 3 }), new DemonstrationOptions());
            var made = 0;
            foreach (var question in world.Questions)
            {
                made += await builder.BuildAsync(question, 0, CancellationToken.None) is null ? 0 : 1;
            }

            if (seed >= 0)
            {
                (generate, freeze, demonstrate) = (generate + generated, freeze + frozen - generated, demonstrate + clock.Elapsed.TotalMilliseconds - frozen);
                (rows, dropped) = (rows + made, dropped + world.Questions.Count - made);
                (documents, words) = (documents + world.Documents.Count, words + world.Documents.Sum(document => document.Text.Split(' ').Length));
            }
        }

        var row = new Dictionary<string, object>
        {
            ["worlds"] = Worlds,
            ["documents"] = documents / Worlds,
            ["words_per_document"] = Math.Round((double)words / documents, 1),
            ["generate_ms"] = Math.Round(generate / Worlds, 1),
            ["index_and_freeze_ms"] = Math.Round(freeze / Worlds, 1),
            ["demonstration_ms"] = Math.Round(demonstrate / rows, 2),
            ["demonstrations"] = rows,
            ["left_out"] = dropped,
        };
        Console.WriteLine(string.Join("  ", row.Select(cell => FormattableString.Invariant($"{cell.Key}={cell.Value}"))));
        return row;
    }
}
