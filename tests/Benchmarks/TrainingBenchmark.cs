using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Agentic.Retrieval;
using Agentic.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Benchmarks;

/// <summary>Tokens a second of whole updates: against a plain PyTorch loop of the same shape, as a share of measured matrix products, and of the shape that recipes train.</summary>
internal static partial class TrainingBenchmark
{
    private const int Rounds = 3;

    // The peer's: 5.8M parameters, 4 x 512 tokens an update, AdamW, every token trained.
    private static readonly TransformerOptions Peer = new()
    {
        VocabularySize = 4096, HiddenSize = 256, IntermediateSize = 688, Layers = 6, Heads = 8, KeyValueHeads = 8, HeadSize = 32, ContextLength = 512, QueryKeyNorm = false,
    };

    // The recipe's: 0.91M parameters, 8 x 512 tokens an update, Muon, a quarter of the tokens trained.
    private static readonly TransformerOptions Small = new() { VocabularySize = 1024, ContextLength = 512 };

    public static int Run(string peers)
    {
        TorchNative.EnsureLoaded();
        set_num_threads(2);
        var rounds = new List<Dictionary<string, double>>();
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add(new Dictionary<string, double>
            {
                ["pytorch"] = PyTorch(peers),
                ["float32"] = Own(Peer, 4, 1.0, ComputeType.Float32, new AdamwOptimizerOptions(), 2),
                ["bfloat16"] = Own(Peer, 4, 1.0, ComputeType.Bfloat16, new AdamwOptimizerOptions(), 2),
                ["small, 1 worker"] = Own(Small, 8, 0.25, ComputeType.Bfloat16, new MuonOptimizerOptions(), 1),
                ["small, 2 workers"] = Own(Small, 8, 0.25, ComputeType.Bfloat16, new MuonOptimizerOptions(), 2),
                ["sgemm"] = Gflops(),
            });
            Console.WriteLine(string.Join("  ", rounds[^1].Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Key} {cell.Value:F0}"))));
        }

        double MedianOf(Func<Dictionary<string, double>, double> value) => rounds.Select(value).Order().ElementAt(Rounds / 2);
        Dictionary<string, object> Row(string key, string shape, int workers) => new()
        {
            ["shape"] = shape,
            ["numbers"] = key is "float32" ? key : "bfloat16",
            ["workers"] = workers,
            ["tokens_per_second"] = Math.Round(MedianOf(round => round[key])),
        };
        Dictionary<string, object> PeerRow(string key)
        {
            var row = Row(key, "256 x 6, vocabulary 4096", 2);
            row["times_pytorch"] = Math.Round(MedianOf(round => round[key] / round["pytorch"]), 2);
            row["share_of_sgemm"] = Math.Round(MedianOf(round => round[key] * FlopsPerToken(Peer) / (round["sgemm"] * 1e9)), 3);
            return row;
        }

        BenchmarkReport.Write("training", "dotnet run -c Release --project tests/Benchmarks -- training PEERS_DIR",
        [
            new() { ["shape"] = "256 x 6, vocabulary 4096", ["numbers"] = "float32, PyTorch", ["workers"] = 2, ["tokens_per_second"] = Math.Round(MedianOf(round => round["pytorch"])) },
            PeerRow("float32"),
            PeerRow("bfloat16"),
            Row("small, 1 worker", "128 x 4, vocabulary 1024", 1),
            Row("small, 2 workers", "128 x 4, vocabulary 1024", 2),
            new() { ["shape"] = "product of 1024 x 1024 matrices", ["numbers"] = "float32", ["workers"] = 2, ["gflops"] = Math.Round(MedianOf(round => round["sgemm"])) },
        ]);
        return 0;
    }

    /// <summary>Six for each parameter, and twelve for each number of attention (Kaplan et al. 2020, with attention counted whole).</summary>
    private static double FlopsPerToken(TransformerOptions shape)
    {
        var parameters = TransformerWeights.Shapes(shape).Sum(parameter => parameter.Shape.Aggregate(1.0, (product, size) => product * size));
        return (6 * parameters) + (12.0 * shape.Layers * shape.Heads * shape.HeadSize * shape.ContextLength);
    }

    private static double Own(TransformerOptions shape, int sequences, double trained, ComputeType type, OptimizerOptions optimizer, int workers)
    {
        using var model = CausalLm.Create(shape, Initialization.Normal, new Seed(1), new ComputeOptions { Device = DeviceChoice.Cpu, DType = type });
        using var built = optimizer.Build(model.Parameters, type == ComputeType.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        var items = new RandomItems(sequences, shape.ContextLength, shape.VocabularySize, trained);
        using var step = new UpdateStep(new TrainedModels(model), new SftObjectiveOptions().Build(), items, built, new TrainerOptions { Workers = workers });
        var times = new List<double>();
        for (var update = 1; update <= 9; update++)
        {
            var watch = Stopwatch.StartNew();
            step.Run(update, [.. Enumerable.Range(0, sequences)], 1);
            times.Add(watch.Elapsed.TotalSeconds);
        }

        return sequences * shape.ContextLength / times.Skip(2).Order().ElementAt(3);
    }

    private static double Gflops()
    {
        const int size = 1024, products = 10;
        using var scope = NewDisposeScope();
        var matrix = randn(size, size);
        matrix.mm(matrix);
        var watch = Stopwatch.StartNew();
        for (var product = 0; product < products; product++)
        {
            matrix.mm(matrix);
        }

        return products * 2.0 * size * size * size / watch.Elapsed.TotalSeconds / 1e9;
    }

    // The peer goes on to measure decoding, which nobody waits for.
    private static double PyTorch(string peers)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-u", Path.Combine(peers, "llama_torch.py"), "2"]) { RedirectStandardOutput = true };
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE"; // as ours is
        using var process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (TrainRate().Match(line) is { Success: true } match)
            {
                process.Kill();
                process.WaitForExit();
                return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("llama_torch.py printed no rate; it needs python3-torch");
    }

    [GeneratedRegex(@"train tok_s=([0-9.]+)")]
    private static partial Regex TrainRate();

    /// <summary>Rows of random tokens, of which the last share is trained.</summary>
    private sealed class RandomItems(int count, int length, int vocabulary, double trained) : ITrainingItems
    {
        private readonly int _trained = (int)(length * trained);

        public int Count => count;

        public string Digest => "random";

        public ItemSize SizeOf(int item) => new(1, length, length, _trained);

        public ObjectiveBatch Collate(IReadOnlyList<int> items, Device device)
        {
            using var noise = new Generator((ulong)items[0] + 1, CPU);
            var ids = randint(vocabulary, [items.Count, length], dtype: ScalarType.Int64, generator: noise);
            using var place = arange(length);
            using var late = place >= length - _trained;
            var mask = late.expand(items.Count, length).contiguous();
            return new ObjectiveBatch(new SequenceBatch(ids, ids.roll(-1, 1), mask), new SequenceGroups(items.Count));
        }
    }
}
