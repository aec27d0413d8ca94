using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A hinge on DPO's margin: no gradient once a pair is separated.</summary>
[Objective("max(0, 1 - beta D)", "Zhao et al. 2023 (SLiC), Liu et al. 2023 (RSO)")]
public sealed record HingeOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference; the margin aimed at is 1 / beta.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(), new HingeLink(Beta));
    }
}
