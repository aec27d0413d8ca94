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

    /// <summary>How the data came about; copied beside the model, so that a policy over it knows how to work. Null when unknown.</summary>
    public DemonstrationHeader? Header { get; init; }
}
