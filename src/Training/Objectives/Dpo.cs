using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Direct preference optimisation: a logistic loss on the difference of both sides' log-ratios to the reference.</summary>
[Objective("-log s(beta D)", "Rafailov et al. 2023")]
public sealed record DpoOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference; 0.01 to 0.5 are in use.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(), new LogisticLink(Beta));
    }
}

/// <summary>DPO for labels of which a known share is wrong, as a smoothed cross-entropy: its optimum is the finite margin log((1 - e) / e).</summary>
[Objective("-(1 - e) log s(beta D) - e log s(-beta D)", "Mitchell 2023")]
public sealed record CdpoOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <summary>e: share of pairs that are thought to be the wrong way round.</summary>
    [Range(0.0, 0.5)] public double LabelSmoothing { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(), new LogisticLink(Beta, smoothing: LabelSmoothing));
    }
}

/// <summary>Provably robust DPO: unbiased when a known share of the labels is flipped. The loss has no lower bound, and its gradient does not vanish.</summary>
[Objective("[-(1 - e) log s(beta D) + e log s(-beta D)] / (1 - 2 e)", "Chowdhury et al. 2024")]
public sealed record RdpoOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <summary>e: share of flipped pairs; below a half, where the labels would say nothing.</summary>
    [Range(0.0, 0.499)] public double LabelSmoothing { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(), new RobustLink(Beta, LabelSmoothing));
    }
}

/// <summary>DPO with the chosen side's negative log-likelihood beside it, which keeps that side from becoming unlikely.</summary>
/// <remarks>Iterative RPO reduces by <see cref="NllReduction.Sequence"/>, TRL by <see cref="NllReduction.Token"/>, IP-DPO (TeaRAG) by <see cref="NllReduction.Sum"/>.</remarks>
[Objective("-log s(beta D) + alpha NLL(w)", "Pang et al. 2024")]
public sealed record DpoNllOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <summary>Weight of the likelihood.</summary>
    [Range(0.0, 1e3)] public double Alpha { get; init; } = 1;

    /// <summary>What the likelihood is a mean over.</summary>
    [EnumDataType(typeof(NllReduction))] public NllReduction Nll { get; init; } = NllReduction.Token;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(), new LogisticLink(Beta), new NllTerm(Alpha, Nll));
    }
}
