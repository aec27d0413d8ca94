using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>DPO on the mean log-ratio of a token instead of the sum, so that length by itself earns nothing.</summary>
[Objective("-log s(beta (d_w / n_w - d_l / n_l))", "TRL, loss_type sigmoid_norm")]
public sealed record DpoLengthNormalisedOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference; larger than DPO's, about by the length: 2 to 10.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 2;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(Omegas.Mean), new LogisticLink(Beta));
    }
}

/// <summary>Length-desensitised DPO: tokens beyond the length that both sides have count less.</summary>
[Objective("-log s(beta D), tokens beyond min(n_w, n_l) weighted by alpha", "Liu et al. 2024")]
public sealed record LdDpoOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <summary>Weight of the longer side's tail; 1 is DPO.</summary>
    [Range(0.0, 1.0)] public double Alpha { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(Omegas.Tail(Alpha)) { Extra = Needs.TokenReference }, new LogisticLink(Beta));
    }
}

/// <summary>DPO on what follows the point where the two sides part; the steps they share are in neither sum.</summary>
[Objective("-log s(beta D), without the prefix the sides share", "Lai et al. 2024")]
public sealed record StepDpoOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.4;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(Omegas.FromParting) { Extra = Needs.TokenReference | Needs.Parting }, new LogisticLink(Beta));
    }
}

/// <summary>DPO with a weight for each token, given by the data and not normalised: corrected segments may weigh more.</summary>
[Objective("-log s(beta D), tokens weighted as the data says", "dense DPO; HAVEN's thinking DPO")]
public sealed record TokenWeightedDpoOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(Omegas.Given) { Extra = Needs.TokenReference | Needs.TokenWeights }, new LogisticLink(Beta));
    }
}
