using System.Diagnostics;
using System.Globalization;
using Agentic.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Benchmarks;

/// <summary>Causal attention, forward and backward, of 8 rows x 4 heads x 512 positions x 32 numbers: libtorch's and the managed kernel in turn.</summary>
internal static class AttentionBenchmark
{
    private const int Rows = 8, Heads = 4, Length = 512, Width = 32, Rounds = 15;

    public static int Run()
    {
        TorchNative.EnsureLoaded();
        var rows = new List<Dictionary<string, object>>();
        foreach (var threads in new[] { 1, 2 })
        {
            set_num_threads(threads);
            foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                rows.Add(Measure(threads, type));
                Console.WriteLine(string.Join("  ", rows[^1].Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Key} {cell.Value}"))));
            }
        }

        BenchmarkReport.Write("attention", "dotnet run -c Release --project tests/Benchmarks -- attention", rows);
        return 0;
    }

    private static Dictionary<string, object> Measure(int threads, ScalarType type)
    {
        var settings = new FusedAttention.Settings(Heads, Heads, null, null, 0, null);
        var (torchTimes, ownTimes) = (new List<double>(), new List<double>());
        var difference = 0.0;
        for (var round = -3; round < Rounds; round++)
        {
            using var scope = NewDisposeScope();
            using var noise = new Generator((ulong)(round + 3), CPU);
            var joined = randn([Rows, Length, 3 * Heads * Width], generator: noise).to(type);
            var outer = randn([Rows, Length, Heads * Width], generator: noise).to(type);
            var (plainTime, plain) = Time(joined, outer, Plain);
            var (ownTime, own) = Time(joined, outer, input => FusedAttention.Apply(input, null, null, settings));
            difference = ((own - plain).norm() / plain.norm()).ToDouble();
            if (round >= 0)
            {
                torchTimes.Add(plainTime);
                ownTimes.Add(ownTime);
            }
        }

        return new Dictionary<string, object>
        {
            ["threads"] = threads,
            ["type"] = type.ToString().ToLowerInvariant(),
            ["torch_ms"] = Math.Round(Median(torchTimes), 2),
            ["managed_ms"] = Math.Round(Median(ownTimes), 2),
            ["torch_best_ms"] = Math.Round(torchTimes.Min(), 2),
            ["managed_best_ms"] = Math.Round(ownTimes.Min(), 2),
            ["times_faster"] = Math.Round(Median([.. torchTimes.Zip(ownTimes, (torch, own) => torch / own)]), 2),
            ["gradient_difference"] = Math.Round(difference, 7),
        };
    }

    private static (double Milliseconds, Tensor Gradient) Time(Tensor joined, Tensor outer, Func<Tensor, Tensor> attend)
    {
        var input = joined.detach().requires_grad_();
        var watch = Stopwatch.StartNew();
        attend(input).backward([outer]);
        return (watch.Elapsed.TotalMilliseconds, input.grad!.to(ScalarType.Float64));
    }

    private static Tensor Plain(Tensor joined)
    {
        var heads = joined.view(Rows, Length, 3 * Heads, Width).transpose(1, 2);
        return nn.functional.scaled_dot_product_attention(heads.narrow(1, 0, Heads), heads.narrow(1, Heads, Heads), heads.narrow(1, 2 * Heads, Heads), is_casual: true)
            .transpose(1, 2).reshape(Rows, Length, -1);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
