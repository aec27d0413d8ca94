using System.ComponentModel.DataAnnotations;

namespace Agentic.Training;

/// <summary>What can go wrong in a run on pairs while its loss falls.</summary>
[Flags]
public enum Alarms
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The chosen side itself becomes unlikely: both sides fall and the rejected one falls faster (likelihood displacement).</summary>
    ChosenFall = 1,

    /// <summary>The margin grows on pairs that were right already; the share of pairs in the right order does not.</summary>
    MarginWithoutAccuracy = 2,

    /// <summary>Length decides instead of content.</summary>
    LengthBias = 4,

    /// <summary>The policy runs away from the reference.</summary>
    KlRunaway = 8,

    /// <summary>All of them.</summary>
    All = ChosenFall | MarginWithoutAccuracy | LengthBias | KlRunaway,
}

/// <summary>When the alarms of a run on pairs ring, over moving means of its metrics, and which of them end it.</summary>
public sealed record AlarmOptions
{
    /// <summary>Updates of a moving mean; the run's first so many are what falls and rises are measured against.</summary>
    [Range(1, 10_000)] public int Window { get; init; } = 20;

    /// <summary>Nats by which <c>logps/chosen_token</c> may fall.</summary>
    [Range(0.0, 1e6)] public double ChosenFall { get; init; } = 0.5;

    /// <summary>Rise of <c>rewards/margins</c> that counts as growth, while <c>rewards/accuracies</c> rises by no more than <see cref="AccuracyRise"/> and is not yet <see cref="Accurate"/>.</summary>
    [Range(0.0, 1e6)] public double MarginRise { get; init; } = 1;

    /// <summary>Rise of the accuracy below which growing margins are suspicious.</summary>
    [Range(0.0, 1.0)] public double AccuracyRise { get; init; } = 0.02;

    /// <summary>Accuracy from which there is nothing left to rise.</summary>
    [Range(0.0, 1.0)] public double Accurate { get; init; } = 0.9;

    /// <summary>Largest <c>length_bias</c>, towards either side.</summary>
    [Range(0.0, 1.0)] public double LengthBias { get; init; } = 0.4;

    /// <summary>Largest <c>kl_token</c>, in nats a token.</summary>
    [Range(0.0, 1e6)] public double Kl { get; init; } = 2;

    /// <summary>Alarms that end the run, with a checkpoint.</summary>
    public Alarms StopOn { get; init; } = Alarms.None;
}
