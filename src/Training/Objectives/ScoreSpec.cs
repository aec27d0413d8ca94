// Legend: R = rows, B = pairs, L = positions.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>How much each trained token counts in the score of its side.</summary>
/// <param name="input">The batch.</param>
/// <param name="row_B">The side's rows.</param>
/// <param name="other_B">Their partners.</param>
/// <returns>[B, L], or [B, 1] where all tokens of a side count alike; finite even where the mask is false.</returns>
internal delegate Tensor Omega(in ObjectiveInput input, Tensor row_B, Tensor other_B);

/// <summary>The score of a side: S = sum over its trained tokens of omega (log p - kappa log p_ref).</summary>
/// <param name="Omega">Weights of the tokens; null for ones.</param>
internal sealed record ScoreSpec(Omega? Omega = null)
{
    /// <summary>kappa is 0 instead of 1.</summary>
    public bool IsReferenceFree { get; init; }

    /// <summary>What the weights need of the run, beside the reference.</summary>
    public Needs Extra { get; init; }

    /// <summary>What the score needs of the run.</summary>
    public Needs Needs => (IsReferenceFree ? Needs.None : Needs.SequenceReference) | Extra;

    /// <summary>Scores of both sides, [B] each, with gradient to the policy's log-probabilities.</summary>
    public (Tensor Chosen_B, Tensor Rejected_B) Of(in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        var perToken_RL = IsReferenceFree ? input.Policy.Selected : input.Policy.Selected - input.Reference!.Selected;
        var trained_RL = where(input.Batch.CompletionMask, perToken_RL, zeros_like(perToken_RL)); // before any weight: 0 times infinity is not 0
        var (chosen_BL, rejected_BL) = input.Pairs.Split(trained_RL);
        if (Omega is not null)
        {
            var (chosen_B, rejected_B) = (input.Pairs.ChosenRow, input.Pairs.RejectedRow);
            chosen_BL *= Omega(input, chosen_B, rejected_B).to(chosen_BL.dtype);
            rejected_BL *= Omega(input, rejected_B, chosen_B).to(rejected_BL.dtype);
        }

        return (chosen_BL.sum(-1).MoveToOuterDisposeScope(), rejected_BL.sum(-1).MoveToOuterDisposeScope());
    }
}

/// <summary>The weights of the literature.</summary>
internal static class Omegas
{
    /// <summary>1 / n: the score is a mean.</summary>
    public static Tensor Mean(in ObjectiveInput input, Tensor row_B, Tensor other_B) => Length(input, row_B).to(input.Policy.Selected.dtype).reciprocal();

    /// <summary>1 on the length that both sides have, <paramref name="alpha"/> on what the longer one has beyond it (LD-DPO); lengths count trained tokens.</summary>
    public static Omega Tail(double alpha) => (in ObjectiveInput input, Tensor row_B, Tensor other_B) =>
    {
        var public_B1 = minimum(Length(input, row_B), Length(input, other_B));
        var rank_BL = input.Batch.CompletionMask.index_select(0, row_B).to(ScalarType.Int64).cumsum(-1);
        var isTail_BL = rank_BL.gt(public_B1).to(ScalarType.Float64);
        return isTail_BL.Times(alpha - 1).Plus(1);
    };

    /// <summary>1 from where the sides part, 0 on what they share (Step-DPO).</summary>
    public static Tensor FromParting(in ObjectiveInput input, Tensor row_B, Tensor other_B)
    {
        var from_B = (input.Batch.ScoredFrom ?? throw new ArgumentException("the batch does not say where its pairs part", nameof(input))).index_select(0, row_B);
        var place_L = ones(input.Batch.Targets.shape[^1], dtype: ScalarType.Int64, device: from_B.device).cumsum(0);
        return place_L.gt(from_B.unsqueeze(-1));
    }

    /// <summary>The weights of the batch, as they are.</summary>
    public static Tensor Given(in ObjectiveInput input, Tensor row_B, Tensor other_B)
    {
        var weight_RL = input.Batch.TokenWeights ?? throw new ArgumentException("the batch carries no token weights", nameof(input));
        return where(input.Batch.CompletionMask, weight_RL, zeros_like(weight_RL)).index_select(0, row_B);
    }

    private static Tensor Length(in ObjectiveInput input, Tensor row_B) => input.Batch.CompletionMask.index_select(0, row_B).sum(-1, keepdim: true);
}
