using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>What a side's log-ratio is divided by.</summary>
public enum ScoreNormalisation
{
    /// <summary>The number of its trained tokens.</summary>
    Length,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>Identity preference optimisation: a square around a margin, which pulls back when overshot.</summary>
[Objective("(d_w / n_w - d_l / n_l - 1 / (2 beta))^2", "Azar et al. 2023")]
public sealed record IpoOptions : ObjectiveOptions
{
    /// <summary>tau of the paper; the margin aimed at is 1 / (2 beta). The two forms want values that differ by about the length.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <summary>The default is the authors' form for language models; the printed paper has <see cref="ScoreNormalisation.None"/>.</summary>
    [EnumDataType(typeof(ScoreNormalisation))] public ScoreNormalisation Normalise { get; init; } = ScoreNormalisation.Length;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new PairwiseObjective(new ScoreSpec(Normalise == ScoreNormalisation.Length ? Omegas.Mean : null), new SquareLink(Beta));
    }
}
