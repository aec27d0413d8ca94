using System.Globalization;

namespace Agentic.Benchmarks;

/// <summary>Logistic regression by Newton's method with an L2 penalty on everything but the first weight, the bias.</summary>
internal static class LogisticFit
{
    private const int Iterations = 30;

    /// <summary>The weights that make the examples most probable.</summary>
    /// <param name="examples">With the weight of each.</param>
    /// <param name="ridge">Strength of the penalty.</param>
    /// <param name="used">Positions of the features that may have a weight.</param>
    public static double[] Fit(IReadOnlyList<(RelevanceExample Example, double Weight)> examples, double ridge, IReadOnlySet<int> used)
    {
        var n = examples[0].Example.Features.Length;
        var weights = new double[n];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var step = Solve(Newton(examples, weights, ridge, used));
            for (var i = 0; i < n; i++)
            {
                weights[i] += step[i];
            }
        }

        return weights;
    }

    /// <summary>Probability of an example under weights.</summary>
    public static double Probability(RelevanceExample example, double[] weights)
    {
        var logit = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            logit += weights[i] * example.Features[i];
        }

        return 1 / (1 + Math.Exp(-logit));
    }

    /// <summary>Share of pairs of a right and a wrong example that are in order; ties count half.</summary>
    public static double AreaUnderCurve(IReadOnlyList<double> right, IReadOnlyList<double> wrong)
    {
        var sorted = right.Select(p => (P: p, Right: true)).Concat(wrong.Select(p => (P: p, Right: false))).GroupBy(item => item.P).OrderBy(group => group.Key);
        var (below, area) = (0.0, 0.0);
        foreach (var ties in sorted)
        {
            var wrongs = ties.Count(item => !item.Right);
            area += (ties.Count() - wrongs) * (below + (wrongs / 2.0));
            below += wrongs;
        }

        return area / ((double)right.Count * wrong.Count);
    }

    /// <summary>Expected calibration error: mean distance of ten bins' probability from their share of right examples.</summary>
    public static double CalibrationError(IReadOnlyList<(double P, bool Right)> items) =>
        items.GroupBy(item => Math.Min(9, (int)(item.P * 10))).Sum(bin => Math.Abs(bin.Sum(item => item.P - (item.Right ? 1 : 0)))) / items.Count;

    /// <summary>Weights as a C# collection.</summary>
    public static string Print(double[] weights) => "[" + string.Join(", ", weights.Select(weight => weight.ToString("F2", CultureInfo.InvariantCulture))) + "]";

    private static double[,] Newton(IReadOnlyList<(RelevanceExample Example, double Weight)> examples, double[] weights, double ridge, IReadOnlySet<int> used)
    {
        var n = weights.Length;
        var system = new double[n, n + 1];
        for (var i = 0; i < n; i++)
        {
            (system[i, i], system[i, n]) = i == 0 ? (1e-9, 0) : (ridge, -ridge * weights[i]);
        }

        foreach (var (example, weight) in examples)
        {
            var p = Probability(example, weights);
            var (curvature, slope) = (weight * p * (1 - p), weight * ((example.Relevant ? 1 : 0) - p));
            foreach (var i in used)
            {
                system[i, n] += slope * example.Features[i];
                foreach (var j in used)
                {
                    system[i, j] += curvature * example.Features[i] * example.Features[j];
                }
            }
        }

        return system;
    }

    /// <summary>Gauss-Jordan elimination; the matrix is positive definite.</summary>
    private static double[] Solve(double[,] system)
    {
        var n = system.GetLength(0);
        for (var pivot = 0; pivot < n; pivot++)
        {
            for (var row = 0; row < n; row++)
            {
                var factor = row == pivot ? 0 : system[row, pivot] / system[pivot, pivot];
                for (var column = pivot; factor != 0 && column <= n; column++)
                {
                    system[row, column] -= factor * system[pivot, column];
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(row => system[row, n] / system[row, row])];
    }
}
