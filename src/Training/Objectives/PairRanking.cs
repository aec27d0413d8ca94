using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Nothing to train by: what is measured of every pair (<c>logps/accuracies</c> and its like) without an objective. For held-out pairs of objectives that see no pairs.</summary>
public sealed class PairRanking : IObjective
{
    /// <inheritdoc/>
    public Needs Needs => Needs.None;

    /// <summary>A loss of 0 without gradient.</summary>
    public ObjectiveResult Compute(in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        var nothing_B = zeros(input.Pairs.Items, dtype: input.Policy.Selected.dtype, device: input.Policy.Selected.device);
        return new ObjectiveResult(nothing_B.sum(), nothing_B, new Dictionary<string, double>()).MoveToOuterDisposeScope();
    }
}
