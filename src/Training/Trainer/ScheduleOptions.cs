using System.ComponentModel.DataAnnotations;

namespace Agentic.Training;

/// <summary>How the learning rate falls at the end of a run.</summary>
public enum Decay
{
    /// <summary>Not at all.</summary>
    Constant,

    /// <summary>In a straight line.</summary>
    Linear,

    /// <summary>Along half a cosine.</summary>
    Cosine,
}

/// <summary>Learning rate over a run, as a share of the optimizer's: a linear rise, a plateau, a fall. All lengths are shares of the run's updates.</summary>
public sealed record ScheduleOptions : IValidatableObject
{
    /// <summary>Shape of the fall.</summary>
    [EnumDataType(typeof(Decay))] public Decay Decay { get; init; } = Decay.Linear;

    /// <summary>Share of the updates over which the rate rises; update u of w (1-based) has u / w of it.</summary>
    [Range(0.0, 1.0)] public double WarmupShare { get; init; } = 0.03;

    /// <summary>Share of the updates, the last ones, over which it falls; 1 starts right after the rise.</summary>
    [Range(0.0, 1.0)] public double DecayShare { get; init; } = 0.3;

    /// <summary>What is left of the rate at the end of the fall.</summary>
    [Range(0.0, 1.0)] public double FinalShare { get; init; }

    /// <summary>Share of the full rate at an update.</summary>
    /// <param name="update">0-based.</param>
    /// <param name="updates">Updates of the whole run.</param>
    public double Factor(int update, int updates)
    {
        var warmup = (int)Math.Round(WarmupShare * updates);
        if (update < warmup)
        {
            return (update + 1.0) / warmup;
        }

        var decay = Math.Min((int)Math.Round(DecayShare * updates), updates - warmup);
        if (Decay == Decay.Constant || update < updates - decay)
        {
            return 1;
        }

        // The first falling update is one step down already, and the last one is one step above the final share.
        var progress = (update - (updates - decay) + 1.0) / (decay + 1.0);
        var shape = Decay == Decay.Linear ? 1 - progress : 0.5 * (1 + Math.Cos(Math.PI * progress));
        return FinalShare + ((1 - FinalShare) * shape);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WarmupShare + DecayShare > 1 + 1e-9 && Decay != Decay.Constant && DecayShare < 1)
        {
            yield return new ValidationResult($"WarmupShare ({WarmupShare}) and DecayShare ({DecayShare}) together exceed 1");
        }
    }
}
