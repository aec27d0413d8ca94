using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Binary classifier optimisation on pairs: each side's reward is pushed to its side of zero, without the running shift.</summary>
[Objective("-log s(beta d_w) - log s(-beta d_l)", "Jung et al. 2024; TRL, loss_type bco_pair")]
public sealed record BcoPairOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(), new ClassifierLink(Beta));
    }
}
