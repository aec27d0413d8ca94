using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>SimPO: mean log-probabilities without a reference, and a margin to reach.</summary>
/// <remarks>Nothing ties the policy to where it began: keep the learning rate small.</remarks>
[Objective("-log s(beta (avg_w - avg_l) - gamma)", "Meng et al. 2024")]
public sealed record SimpoOptions : ObjectiveOptions
{
    /// <summary>Scale of the mean log-probabilities; 2 to 10.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 2;

    /// <summary>The margin itself, not its ratio to beta; half of beta in the paper.</summary>
    [Range(0.0, 1e3)] public double Gamma { get; init; } = 1;

    /// <summary>Share of pairs that are thought to be the wrong way round.</summary>
    [Range(0.0, 0.5)] public double LabelSmoothing { get; init; }

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(Omegas.Mean) { IsReferenceFree = true }, new LogisticLink(Beta, Gamma, LabelSmoothing));
    }
}
