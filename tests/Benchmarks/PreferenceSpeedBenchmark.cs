using System.Diagnostics;
using System.Globalization;
using Agentic.Retrieval;
using Agentic.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Benchmarks;

/// <summary>Tokens a second of whole updates on pairs, by objective and by where the reference comes from, against supervised updates on the same rows.</summary>
internal static class PreferenceSpeedBenchmark
{
    private const int Rounds = 5, Updates = 5, Pairs = 8, Length = 500;

    // The recipe's model; its demonstrations are about this long, and a quarter of their tokens is trained.
    private static readonly TransformerOptions Shape = new() { VocabularySize = 1024, ContextLength = 512 };

    private static readonly ComputeOptions Compute = new() { Device = DeviceChoice.Cpu, DType = ComputeType.Bfloat16 };

    public static int Run()
    {
        TorchNative.EnsureLoaded();
        set_num_threads(2);
        var folder = Directory.CreateTempSubdirectory("agentic-");
        using var policy = CausalLm.Create(Shape, Initialization.Normal, new Seed(1), Compute);
        using var reference = CausalLm.Create(Shape, Initialization.Normal, new Seed(1), Compute);
        using var store = ReferenceStore.Open(Path.Combine(folder.FullName, "store"), new ReferenceFingerprint("weights", "tokenizer", ComputeType.Bfloat16));
        var items = new RandomPairs();
        ReferenceFill.Run(reference, items, store, 1024, null, CancellationToken.None);
        (string Name, ObjectiveOptions Objective, bool IsStored)[] cells =
        [
            ("sft", new SftObjectiveOptions(), false), ("dpo, reference on the fly", new DpoOptions(), false), ("dpo, reference stored", new DpoOptions(), true),
            ("simpo", new SimpoOptions(), false), ("tdpo2", new Tdpo2Options(), false),
        ];

        // The cells of a round share their minute of the machine, so ratios are taken inside rounds.
        var rounds = Enumerable.Range(0, Rounds).Select(_ => cells.Select(cell => Rate(policy, reference, items, cell.Objective, cell.IsStored ? store.For : null)).ToArray()).ToArray();
        double Middle(Func<double[], double> value) => rounds.Select(value).Order().ElementAt(Rounds / 2);
        var rows = cells.Index().Select(cell => new Dictionary<string, object>
        {
            ["objective"] = cell.Item.Name,
            ["tokens_per_second"] = Math.Round(Middle(round => round[cell.Index])),
            ["times_sft"] = Math.Round(Middle(round => round[cell.Index] / round[0]), 2),
        }).ToList();
        rows.ForEach(row => Console.WriteLine(string.Join("  ", row.Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value}")))));
        BenchmarkReport.Write("preference-speed", "dotnet run -c Release --project tests/Benchmarks -- preference-speed", rows);
        return 0;
    }

    private static double Rate(CausalLm policy, CausalLm reference, RandomPairs items, ObjectiveOptions objective, Func<ObjectiveBatch, Tensor>? stored)
    {
        using var optimizer = new AdamwOptimizerOptions { LearningRate = 1e-9 }.Build(policy.Parameters, ScalarType.BFloat16);
        using var step = new UpdateStep(new TrainedModels(policy, reference), objective.Build(), items, optimizer, new TrainerOptions { Workers = 2 }, stored);
        var times = new List<double>();
        for (var update = 1; update <= Updates + 1; update++)
        {
            var watch = Stopwatch.StartNew();
            step.Run(update, [.. Enumerable.Range(0, Pairs)], 1);
            times.Add(watch.Elapsed.TotalSeconds);
        }

        return 2 * Pairs * Length / times.Skip(1).Order().ElementAt(Updates / 2);
    }

    /// <summary>Pairs of rows of random ids, whose last quarter is trained.</summary>
    private sealed class RandomPairs : ITrainingItems
    {
        public int Count => Pairs;

        public string Digest => "random";

        public ItemSize SizeOf(int item) => new(2, 2 * Length, Length, Length / 4);

        public ObjectiveBatch Collate(IReadOnlyList<int> items, Device device)
        {
            using var noise = new Generator((ulong)items[0] + 1, CPU);
            var ids = randint(Shape.VocabularySize, [2 * items.Count, Length], dtype: ScalarType.Int64, generator: noise);
            using var place = arange(Length);
            using var late = place >= Length - (Length / 4);
            var (chosen, rejected) = (arange(items.Count, dtype: ScalarType.Int64), arange(items.Count, 2 * items.Count, dtype: ScalarType.Int64));
            return new ObjectiveBatch(new SequenceBatch(ids, ids.roll(-1, 1), late.expand(2 * items.Count, Length).contiguous()), new PairGroups(chosen, rejected))
            {
                RowDigests = [.. items.Select(item => $"chosen {item}").Concat(items.Select(item => $"rejected {item}")).Select(Named)],
            };
        }

        private static string Named(string row) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(row)));
    }
}
