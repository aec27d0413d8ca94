// Legend: R = rows, B = pairs, L = positions.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>What is watched in every run on pairs, whatever its objective: shares of an update's means, which add up over micro-batches.</summary>
/// <remarks>
/// <c>logps/chosen</c>, <c>logps/rejected</c>: mean summed log-probability of a side; <c>logps/accuracies</c>: share of pairs whose chosen side has the greater one,
/// ties half: the one accuracy every objective has. <c>logps/chosen_token</c>: mean log-probability of a chosen token. <c>length_bias</c>: share of pairs in which the policy, by how far it has moved from the
/// reference (by its summed log-probability, without one), prefers the longer side, less the share in which the longer side is the chosen one; in [-1, 1].
/// <c>kl_token</c>: mean over the rows of the mean over their trained tokens of (log p - log ref)^2 / 2 in nats: the second of Schulman's estimators, on the tokens of the data.
/// </remarks>
internal static class PairDiagnostics
{
    public static IEnumerable<KeyValuePair<string, double>> Of(in ObjectiveInput input) => input.Groups is PairGroups ? Measured(input) : [];

    private static Dictionary<string, double> Measured(in ObjectiveInput input)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var policy_RL = input.Policy.Selected.detach();
        var moved_RL = input.Reference is { } reference ? policy_RL - reference.Selected : policy_RL;
        var (chosen_B, rejected_B) = input.Pairs.Split(input.Sum(moved_RL));
        var (chosenLength_B, rejectedLength_B) = input.Pairs.Split(input.Batch.CompletionMask.sum(-1));
        var longer_B = (chosenLength_B - rejectedLength_B).sign();
        var prefersLonger_B = (chosen_B - rejected_B).sign() * longer_B;
        var (chosenLogp_B, rejectedLogp_B) = input.Pairs.Split(input.Sum(policy_RL));
        var chosenLogp = chosenLogp_B.sum().ToDouble();
        double items = input.Totals.Items;
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["logps/chosen"] = chosenLogp / items,
            ["logps/rejected"] = rejectedLogp_B.sum().ToDouble() / items,
            ["logps/accuracies"] = ObjectiveResult.Wins(chosenLogp_B, rejectedLogp_B) / items,
            ["logps/chosen_token"] = chosenLogp / input.Totals.ChosenTokens,
            ["length_bias"] = (prefersLonger_B - longer_B).sum().ToDouble() / 2 / items,
        };
        if (input.Reference is not null)
        {
            using Scalar half = 0.5;
            var square_R = input.Sum(moved_RL.square()) / input.Batch.CompletionMask.sum(-1);
            metrics["kl_token"] = (square_R.sum() * half).ToDouble() / (2 * items);
        }

        return metrics;
    }
}
