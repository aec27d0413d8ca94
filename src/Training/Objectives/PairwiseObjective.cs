// Legend: B = pairs.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Most objectives over pairs: a score for each side, a link from both scores to a loss, the mean over pairs, and a likelihood term beside it.</summary>
internal sealed class PairwiseObjective(ScoreSpec score, IPairLink link, NllTerm? nll = null) : IObjective
{
    public Needs Needs => score.Needs;

    public ObjectiveResult Compute(in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        var (chosen_B, rejected_B) = score.Of(input);
        var loss_B = link.Loss(chosen_B, rejected_B);
        var result = ObjectiveResult.OfPairs(input, loss_B, chosen_B.Times(link.RewardScale), rejected_B.Times(link.RewardScale));
        return (nll?.AddTo(result, input) ?? result).MoveToOuterDisposeScope();
    }
}
