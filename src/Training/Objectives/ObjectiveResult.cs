// Legend: R = rows, B = pairs in the micro-batch.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Loss with its gradient, and what the log shows.</summary>
/// <param name="Loss">Scalar with gradient.</param>
/// <param name="PerItem">[G] undivided losses per pair, list or sample, detached.</param>
/// <param name="Metrics">Shares of the update's metrics (they add up over micro-batches) under TRL's names.</param>
public sealed record ObjectiveResult(Tensor Loss, Tensor PerItem, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>Reduces the losses of pairs to their share of the update's mean, and fills the metrics every pairwise objective has.</summary>
    /// <remarks>
    /// <c>rewards/accuracies</c> compares the rewards given here; ties count half.
    /// </remarks>
    /// <param name="input">The batch.</param>
    /// <param name="loss_B">Loss of each pair, with gradient.</param>
    /// <param name="chosenReward_B">Implicit reward of the chosen side.</param>
    /// <param name="rejectedReward_B">Implicit reward of the rejected side.</param>
    public static ObjectiveResult OfPairs(in ObjectiveInput input, Tensor loss_B, Tensor chosenReward_B, Tensor rejectedReward_B)
    {
        ArgumentNullException.ThrowIfNull(loss_B);
        using var scope = NewDisposeScope();
        using Scalar items = input.Totals.Items; // held while native code reads it
        var loss = (loss_B.sum() / items).MoveToOuterDisposeScope();
        var (chosen_B, rejected_B) = (chosenReward_B.detach(), rejectedReward_B.detach());
        double count = input.Totals.Items;
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["rewards/chosen"] = chosen_B.sum().ToDouble() / count,
            ["rewards/rejected"] = rejected_B.sum().ToDouble() / count,
            ["rewards/margins"] = (chosen_B - rejected_B).sum().ToDouble() / count,
            ["rewards/accuracies"] = Wins(chosen_B, rejected_B) / count,
        };
        return new ObjectiveResult(loss, loss_B.detach().MoveToOuterDisposeScope(), metrics);
    }

    /// <summary>Hands the tensors to the dispose scope around the current one.</summary>
    public ObjectiveResult MoveToOuterDisposeScope()
    {
        Loss.MoveToOuterDisposeScope();
        PerItem.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Pairs whose first value is the greater, ties half.</summary>
    internal static double Wins(Tensor chosen_B, Tensor rejected_B) =>
        chosen_B.gt(rejected_B).sum().ToDouble() + (0.5 * chosen_B.eq(rejected_B).sum().ToDouble());
}
