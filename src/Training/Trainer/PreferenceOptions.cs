namespace Agentic.Training;

/// <summary>How a model is trained on preference pairs.</summary>
public sealed record PreferenceOptions
{
    /// <summary>By which loss.</summary>
    public ObjectiveOptions Objective { get; init; } = new DpoOptions();

    /// <summary>How, whatever the objective is; the rate is far below that of supervised training, since the policy is to move and not to be made anew.</summary>
    public TrainerOptions Training { get; init; } = new() { Optimizer = new AdamwOptimizerOptions { LearningRate = 1e-4 } };

    /// <summary>When the run warns or stops.</summary>
    public AlarmOptions Alarms { get; init; } = new();
}
