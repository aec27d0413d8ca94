using Agentic.Agent;

namespace Agentic.Training;

/// <summary>What is to be trained, on what, how.</summary>
/// <param name="ModelFolder">The model to start from.</param>
/// <param name="Items">What it is trained on.</param>
/// <param name="Objective">By which loss.</param>
/// <param name="Options">How.</param>
public sealed record TrainingJob(string ModelFolder, ITrainingItems Items, IObjective Objective, TrainerOptions Options)
{
    /// <summary>Items that are measured and not trained on; null for none.</summary>
    public ITrainingItems? HeldOut { get; init; }

    /// <summary>What else is measured of held-out items when the loss is; empty for nothing.</summary>
    public IReadOnlyList<HeldOutMeasure> Measures { get; init; } = [];

    /// <summary>The frozen model an objective compares with, where it does; null for the one the run starts from.</summary>
    public string? ReferenceFolder { get; init; }

    /// <summary>File in which the reference's log-probabilities are kept, filled before the first update; null to compute them as they are needed.</summary>
    public string? ReferenceStore { get; init; }

    /// <summary>When the run warns or stops, on pairs.</summary>
    public AlarmOptions Alarms { get; init; } = new();

    /// <summary>How the data came about; copied beside the model, so that a policy over it knows how to work. Null when unknown.</summary>
    public DemonstrationHeader? Header { get; init; }
}

/// <summary>A measurement of held-out items beside that of the objective under training.</summary>
/// <param name="Items">What is measured.</param>
/// <param name="By">Its metrics are what is measured; without a reference.</param>
public sealed record HeldOutMeasure(ITrainingItems Items, IObjective By);
