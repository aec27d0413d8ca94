using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>How a run trains, whatever its objective is.</summary>
public sealed record TrainerOptions
{
    /// <summary>Number of updates; null for <see cref="Epochs"/> times the data.</summary>
    [Range(1, 100_000_000)] public int? Updates { get; init; }

    /// <summary>How often every item is seen, when <see cref="Updates"/> does not say it.</summary>
    [Range(1, 10_000)] public int Epochs { get; init; } = 1;

    /// <summary>Tokens the model reads in an update, padding not counted; updates come close to it from both sides.</summary>
    [Range(1, 100_000_000)] public int TokensPerUpdate { get; init; } = 4096;

    /// <summary>Most tokens of a micro-batch, padding included: what memory allows. The result of an update does not depend on it but for rounding.</summary>
    [Range(1, 100_000_000)] public int MicroBatchTokens { get; init; } = 1024;

    /// <summary>Micro-batches that are computed side by side on the CPU; 0 for one on each of libtorch's threads. The result of an update does not depend on it.</summary>
    [Range(0, 1024)] public int Workers { get; init; }

    /// <summary>What happens to rows longer than the model's context.</summary>
    [EnumDataType(typeof(LongRows))] public LongRows LongRows { get; init; } = LongRows.Refuse;

    /// <summary>What changes the parameters.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamwOptimizerOptions();

    /// <summary>Learning rate over the run.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Norm to which the gradient of all parameters together is shortened when it is longer; 0 leaves it as it is.</summary>
    [Range(0.0, 1e9)] public double MaxGradNorm { get; init; } = 1;

    /// <summary>Where and in which precision.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>Root of the order of the data.</summary>
    public Seed Seed { get; init; } = new(0);

    /// <summary>Updates between checkpoints, at which held-out data are measured; the end of the run and an interruption make one too.</summary>
    [Range(1, 100_000_000)] public int CheckpointUpdates { get; init; } = 200;

    /// <summary>Checkpoints that are kept: this many of the latest, and the one with the lowest loss.</summary>
    [Range(1, 10_000)] public int KeptCheckpoints { get; init; } = 2;
}
