using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>ORPO: supervised training on the chosen side with a penalty on the odds of the rejected one; no reference.</summary>
/// <remarks>The likelihood covers trained tokens only, as in the paper; TRL's also covers the prompt.</remarks>
[Objective("NLL(w) - lambda log s(o_w - o_l), o = avg - log(1 - exp avg)", "Hong et al. 2024")]
public sealed record OrpoOptions : ObjectiveOptions
{
    /// <summary>Weight of the odds ratio.</summary>
    [Range(0.0, 1e3)] public double Lambda { get; init; } = 0.1;

    /// <summary>What the likelihood is a mean over.</summary>
    [EnumDataType(typeof(NllReduction))] public NllReduction Nll { get; init; } = NllReduction.Sequence;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(Omegas.Mean) { IsReferenceFree = true }, new OddsRatioLink(Lambda), new NllTerm(1, Nll));
    }
}
