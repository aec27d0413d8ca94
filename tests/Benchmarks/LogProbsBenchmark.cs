using System.Diagnostics;
using System.Globalization;
using Agentic.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Benchmarks;

/// <summary>Log-probabilities of 2,048 tokens of a vocabulary of 32,768, and their divergence from a reference, with gradients: the plain form against chunks, peak memory and time.</summary>
internal static class LogProbsBenchmark
{
    private const int Tokens = 2048, Vocabulary = 32_768, Rounds = 3;

    public static int Run()
    {
        if (!File.Exists("/proc/self/clear_refs"))
        {
            Console.Error.WriteLine("peak memory is read from /proc, which this system does not have");
            return 1;
        }

        TorchNative.EnsureLoaded();
        set_num_threads(2);
        var rows = new List<Dictionary<string, object>>();
        foreach (var width in new[] { 128, 512 })
        {
            using var scope = NewDisposeScope();
            using var noise = new Generator(1, CPU);
            var hidden = randn([1, Tokens, width], generator: noise).requires_grad_();
            var head = randn([Vocabulary, width], generator: noise).mul_(0.02).requires_grad_();
            var targets = randint(Vocabulary, [1, Tokens], dtype: ScalarType.Int64, generator: noise);
            var batch = new SequenceBatch(targets, targets, ones_like(targets, dtype: ScalarType.Bool));
            var plain = Measure(hidden, head, () => hidden.matmul(head.t()).log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1));
            var chunked = Measure(hidden, head, () => TokenStatistics.Compute(hidden, head, batch).Selected);
            rows.Add(Row("log-probabilities", width, plain, chunked));
            var (other, otherHead) = (randn([1, Tokens, width], generator: noise), randn([Vocabulary, width], generator: noise).mul_(0.02));
            var plainKl = Measure(hidden, head, () =>
            {
                var (policy, reference) = (hidden.matmul(head.t()).log_softmax(-1), other.matmul(otherHead.t()).log_softmax(-1));
                return policy.gather(-1, targets.unsqueeze(-1)).squeeze(-1) + (reference.exp() * (reference - policy)).sum(-1);
            });
            var chunkedKl = Measure(hidden, head, () =>
            {
                var made = TokenStatistics.Compute(hidden, head, batch, Needs.VocabularyReference, (other, otherHead));
                return made.Selected + made.KlFromReference!;
            });
            rows.Add(Row("log-probabilities and divergence (TDPO)", width, plainKl, chunkedKl));
        }

        rows.ForEach(row => Console.WriteLine(string.Join("  ", row.Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Key} {cell.Value}")))));

        BenchmarkReport.Write("logprobs", "dotnet run -c Release --project tests/Benchmarks -- logprobs", rows);
        return 0;
    }

    private static Dictionary<string, object> Row(
        string what, int width, (double Mebibytes, double Milliseconds, double Sum) plain, (double Mebibytes, double Milliseconds, double Sum) chunked) => new()
    {
        ["what"] = what,
        ["tokens"] = Tokens,
        ["vocabulary"] = Vocabulary,
        ["width"] = width,
        ["plain_peak_mib"] = Math.Round(plain.Mebibytes),
        ["chunked_peak_mib"] = Math.Round(chunked.Mebibytes),
        ["peak_share"] = Math.Round(chunked.Mebibytes / plain.Mebibytes, 3),
        ["plain_ms"] = Math.Round(plain.Milliseconds),
        ["chunked_ms"] = Math.Round(chunked.Milliseconds),
        ["difference_of_means"] = Math.Abs(plain.Sum - chunked.Sum) / Tokens,
    };

    /// <summary>Forward and backward: the most resident memory above that at the start, and the best time of a few rounds.</summary>
    private static (double Mebibytes, double Milliseconds, double Sum) Measure(Tensor hidden, Tensor head, Func<Tensor> logProbs)
    {
        var (peak, best, sum) = (0.0, double.MaxValue, 0.0);
        for (var round = 0; round <= Rounds; round++)
        {
            using var scope = NewDisposeScope();
            (hidden.grad, head.grad) = (null, null);
            File.WriteAllText("/proc/self/clear_refs", "5"); // sets the peak back to what is resident now
            var before = Status("VmRSS");
            var watch = Stopwatch.StartNew();
            var total = logProbs().sum();
            total.backward();
            best = round == 0 ? best : Math.Min(best, watch.Elapsed.TotalMilliseconds);
            peak = Math.Max(peak, (Status("VmHWM") - before) / 1024.0);
            sum = total.ToDouble();
        }

        return (peak, best, sum);
    }

    /// <summary>A line of /proc/self/status in KiB.</summary>
    private static long Status(string name) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
