// Legend: R = rows, L = positions.
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Supervised fine-tuning: the mean negative log-likelihood of the policy's tokens; of pairs, the chosen sides'.</summary>
[Objective("-log p of a trained token, mean over all tokens of the update", "maximum likelihood")]
public sealed record SftObjectiveOptions : ObjectiveOptions
{
    /// <inheritdoc/>
    public override IObjective Build() => new Sft();
}

/// <summary>loss = - sum of log p(trained token) / number of trained tokens of the update.</summary>
internal sealed class Sft : IObjective
{
    public Needs Needs => Needs.Entropy | Needs.BestToken;

    public ObjectiveResult Compute(in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        var logProb_R = Learnt(input, input.Sum(input.Policy.Selected));
        using Scalar all = input.Totals.ChosenTokens; // held while native code reads it
        var loss = -logProb_R.sum() / all;
        var tokens_R = Learnt(input, input.Batch.CompletionMask.sum(-1));
        var perRow_R = (-logProb_R / tokens_R).detach();
        return new ObjectiveResult(loss.MoveToOuterDisposeScope(), perRow_R.MoveToOuterDisposeScope(), Metrics(input));
    }

    private static Dictionary<string, double> Metrics(in ObjectiveInput input)
    {
        var metrics = new Dictionary<string, double>();
        if (input.Policy.Entropy is { } entropy_RL)
        {
            metrics["entropy"] = Learnt(input, input.Sum(entropy_RL)).sum().ToDouble() / input.Totals.ChosenTokens;
        }

        if (input.Policy.Top is { } top)
        {
            var isBest_RL = top.Ids.squeeze(-1).eq(input.Batch.Targets).logical_and(input.Batch.CompletionMask);
            metrics["mean_token_accuracy"] = Learnt(input, isBest_RL.sum(-1)).sum().ToDouble() / input.Totals.ChosenTokens;
        }

        return metrics;
    }

    /// <summary>Of pairs only the chosen side is to be learnt.</summary>
    private static Tensor Learnt(in ObjectiveInput input, Tensor value_R) => input.Groups is PairGroups pairs ? pairs.Split(value_R).Chosen : value_R;
}
