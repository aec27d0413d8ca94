using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Batches in which the log-probabilities of the trained tokens are written down by hand; everything else in them is garbage.</summary>
internal static class Sides
{
    private const double Garbage = double.NaN;

    /// <summary>One pair; row 0 is chosen, row 1 rejected. Tokens without a reference have one that gives them log 1.</summary>
    public static ObjectiveInput Pair(
        double[] chosen, double[] rejected, double[]? chosenReference = null, double[]? rejectedReference = null, double[][]? weights = null, long scoredFrom = 0, (double Chosen, double Rejected)? kl = null)
    {
        double[][] policy = [chosen, rejected];
        var batch = Batch(policy) with { TokenWeights = weights is null ? null : Rows(weights), ScoredFrom = tensor([1 + scoredFrom, 1 + scoredFrom]) };
        var divergence = kl is { } given ? Rows([[given.Chosen, .. new double[chosen.Length - 1]], [given.Rejected, .. new double[rejected.Length - 1]]]).requires_grad_() : null;
        return new ObjectiveInput(
            batch, new PairGroups(tensor([0L]), tensor([1L])), new TokenLogProbs(Rows(policy).requires_grad_(), divergence),
            new TokenLogProbs(Rows([chosenReference ?? new double[chosen.Length], rejectedReference ?? new double[rejected.Length]])), new UpdateTotals(1, chosen.Length));
    }

    /// <summary>Samples of one token each: log-ratio and whether it is wanted.</summary>
    public static ObjectiveInput Samples(double kl, params (double LogRatio, bool IsWanted)[] samples)
    {
        double[][] policy = [.. samples.Select(sample => new[] { sample.LogRatio })];
        return new ObjectiveInput(
            Batch(policy), new UnpairedGroups(tensor(samples.Select(sample => sample.IsWanted).ToArray())), new TokenLogProbs(Rows(policy).requires_grad_()),
            new TokenLogProbs(Rows([.. samples.Select(_ => new[] { 0.0 })])), new UpdateTotals(samples.Length, samples.Length) { Statistics = new Dictionary<string, double> { ["kl"] = kl } });
    }

    /// <summary>The loss, checked to be the only one of its batch.</summary>
    public static double Loss(this ObjectiveOptions options, ObjectiveInput input) => options.Build().Compute(input).Loss.item<double>();

    /// <summary>Gradient of the loss in each trained log-probability of a row.</summary>
    public static double[] Gradient(this ObjectiveOptions options, ObjectiveInput input, int row)
    {
        var leaf = input.Policy.Selected;
        options.Build().Compute(input).Loss.backward();
        var gradient = leaf.grad![row][input.Batch.CompletionMask[row]].data<double>().ToArray();
        leaf.grad!.zero_();
        return gradient;
    }

    private static SequenceBatch Batch(double[][] rows)
    {
        var numbers = Rows(rows);
        var ids = zeros_like(numbers, dtype: ScalarType.Int64);
        return new SequenceBatch(ids, ids, numbers.isnan().logical_not());
    }

    /// <summary>One garbage position before each row, as many behind it as the longest one needs.</summary>
    private static Tensor Rows(double[][] rows)
    {
        var length = rows.Max(row => row.Length);
        return stack([.. rows.Select(row => tensor([Garbage, .. row, .. Enumerable.Repeat(Garbage, length - row.Length)]))]);
    }
}
