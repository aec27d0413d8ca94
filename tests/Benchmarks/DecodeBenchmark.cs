using System.Diagnostics;
using System.Globalization;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Benchmarks;

/// <summary>Speed of generation on the CPU: tokens a second by sequences side by side, and what a token costs late in a sequence.</summary>
internal static class DecodeBenchmark
{
    private const int Threads = 2;
    private const int Repeats = 3;

    private static readonly (string Name, TransformerOptions Options)[] Models =
    [
        ("0.9M: 128 wide, 4 layers, vocabulary 1,024", new TransformerOptions()),
        ("5.8M: 256 wide, 6 layers, vocabulary 4,096", new TransformerOptions { VocabularySize = 4096, HiddenSize = 256, IntermediateSize = 688, Layers = 6, Heads = 8, KeyValueHeads = 8, QueryKeyNorm = false }),
    ];

    public static async Task<int> RunAsync()
    {
        var rows = new List<Dictionary<string, object>>();
        foreach (var (name, options) in Models)
        {
            using var model = CausalLm.Create(options, Initialization.Normal, new Seed(1), new ComputeOptions { Device = DeviceChoice.Cpu });
            foreach (var sequences in new[] { 1, 16, 64 })
            {
                rows.Add(new() { ["model"] = name, ["sequences"] = sequences, ["tokens_per_second"] = Math.Round(await TokensPerSecondAsync(model, sequences)) });
                Print(rows[^1]);
            }

            var (early, late) = (Milliseconds(model, 16), Milliseconds(model, 512));
            rows.Add(new() { ["model"] = name, ["ms_per_token_at_16"] = Math.Round(early, 4), ["ms_per_token_at_512"] = Math.Round(late, 4), ["ratio"] = Math.Round(late / early, 2) });
            Print(rows[^1]);
            rows.Add(new() { ["model"] = name, ["prompt_tokens_per_second"] = Math.Round(PromptTokensPerSecond(model)) });
            Print(rows[^1]);
        }

        BenchmarkReport.Write("decode", "dotnet run -c Release --project tests/Benchmarks -- decode", rows);
        return 0;
    }

    // Prompts of 16 tokens, 128 generated from each: sampled, so that the sampler's work is in it.
    private static async Task<double> TokensPerSecondAsync(CausalLm model, int sequences)
    {
        using var folder = new Scratch();
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 257 });
        trainer.Add("a");
        var tokenizer = trainer.Write(folder.Path);
        using var generator = new TokenGenerator(new ManagedDecoder(model, Threads), tokenizer, new GeneratorOptions { MaxSequences = sequences, KeptTokens = 0 });
        var best = 0.0;
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            var random = new Seed((ulong)repeat).ToRandom();
            var watch = Stopwatch.StartNew();
            var generations = await Task.WhenAll(Enumerable.Range(0, sequences).Select(at => generator.GenerateAsync(
                new GenerationRequest([.. Enumerable.Range(0, 16).Select(_ => random.Next(1, 257))])
                {
                    MaxTokens = 128, StopsAtEnd = false, Sampling = new SamplingOptions { Temperature = 1 }, Seed = new Seed((ulong)at),
                },
                CancellationToken.None)));
            best = Math.Max(best, generations.Sum(generation => generation.Tokens.Count) / watch.Elapsed.TotalSeconds);
        }

        return best;
    }

    private static double Milliseconds(CausalLm model, int position)
    {
        using var decoder = new ManagedDecoder(model, Threads);
        var logits = new float[model.Options.VocabularySize];
        using var cache = decoder.NewSequence();
        decoder.Forward([.. Enumerable.Range(0, position).Select(at => new DecoderRow(cache, at % 200))], logits);
        var times = new List<double>();
        for (var repeat = 0; repeat < 400; repeat++)
        {
            using var fork = cache.Fork(position);
            var watch = Stopwatch.StartNew();
            decoder.Forward([new DecoderRow(fork, 7, 0)], logits);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count / 20);
    }

    private static double PromptTokensPerSecond(CausalLm model)
    {
        using var decoder = new ManagedDecoder(model, Threads);
        var logits = new float[8 * model.Options.VocabularySize];
        var best = 0.0;
        for (var repeat = 0; repeat < 10; repeat++)
        {
            var caches = Enumerable.Range(0, 4).Select(_ => decoder.NewSequence()).ToList();
            var watch = Stopwatch.StartNew();
            decoder.Forward([.. caches.SelectMany(cache => Enumerable.Range(0, 256).Select(at => new DecoderRow(cache, at)))], logits);
            best = Math.Max(best, 1024 / watch.Elapsed.TotalSeconds);
            caches.ForEach(cache => cache.Dispose());
        }

        return best;
    }

    private static void Print(Dictionary<string, object> row) =>
        Console.WriteLine(string.Join("  ", row.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}"))));

    private sealed class Scratch : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("agentic-decode-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
