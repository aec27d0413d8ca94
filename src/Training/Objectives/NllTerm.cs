// Legend: R = rows, B = pairs.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>How the negative log-likelihoods of the chosen sides' tokens become one number.</summary>
public enum NllReduction
{
    /// <summary>The sum over a pair's tokens, then the mean over pairs.</summary>
    Sum,

    /// <summary>The mean over a pair's tokens, then the mean over pairs.</summary>
    Sequence,

    /// <summary>The mean over all tokens of the update.</summary>
    Token,
}

/// <summary>The chosen side's negative log-likelihood as a term beside the preference.</summary>
internal sealed record NllTerm(double Weight, NllReduction Reduction)
{
    /// <summary>
    /// The result with the term in its loss; also in the losses per pair, except with <see cref="NllReduction.Token"/>, where the term exists only for the whole update.
    /// The metric <c>nll_loss</c> is the term without its weight.
    /// </summary>
    public ObjectiveResult AddTo(ObjectiveResult result, in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        var nll_B = -input.Pairs.Split(input.Sum(input.Policy.Selected)).Chosen;
        if (Reduction == NllReduction.Sequence)
        {
            nll_B /= input.Pairs.Split(input.Batch.CompletionMask.sum(-1)).Chosen;
        }

        var share = nll_B.sum().Over(Reduction == NllReduction.Token ? input.Totals.ChosenTokens : input.Totals.Items);
        var perItem_B = Reduction == NllReduction.Token ? result.PerItem.alias() : result.PerItem + nll_B.detach().Times(Weight);
        var metrics = new Dictionary<string, double>(result.Metrics, StringComparer.Ordinal) { ["nll_loss"] = share.ToDouble() };
        return new ObjectiveResult(result.Loss + share.Times(Weight), perItem_B, metrics).MoveToOuterDisposeScope();
    }
}
