namespace Agentic.Retrieval;

/// <summary>A mean difference with its interval.</summary>
/// <param name="Mean">Mean of the differences.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end of the 95 % interval.</param>
public readonly record struct PairedDifference(double Mean, double Low, double High);

/// <summary>Percentile bootstrap of a mean difference between two systems on the same questions (Efron and Tibshirani 1993, chapter 13).</summary>
public static class PairedBootstrap
{
    /// <summary>The mean of <paramref name="system"/> - <paramref name="baseline"/>, with the 2.5 and 97.5 percentiles of its resampled means.</summary>
    /// <param name="system">One value a question.</param>
    /// <param name="baseline">In the same order.</param>
    /// <param name="seed">The interval depends on nothing else.</param>
    /// <param name="resamples">At least 40, so that both percentiles exist.</param>
    public static PairedDifference Compare(IReadOnlyList<double> system, IReadOnlyList<double> baseline, Seed seed, int resamples = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfZero(system.Count, nameof(system));
        ArgumentOutOfRangeException.ThrowIfNotEqual(baseline.Count, system.Count, nameof(baseline));
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 40);
        var differences = system.Zip(baseline, (left, right) => left - right).ToArray();
        var random = seed.Derive("paired-bootstrap").ToRandom();
        var means = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < differences.Length; j++)
            {
                sum += differences[random.Next(differences.Length)];
            }

            means[i] = sum / differences.Length;
        }

        Array.Sort(means);
        return new PairedDifference(differences.Average(), means[(int)(0.025 * resamples)], means[(int)Math.Ceiling(0.975 * resamples) - 1]);
    }
}
