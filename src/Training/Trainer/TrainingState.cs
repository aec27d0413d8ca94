namespace Agentic.Training;

/// <summary>Where a run stands between two updates: with the weights and the optimizer's state, all that decides what comes next.</summary>
/// <remarks>Nothing random is in it: the order of the data is a function of the seed and the cursor.</remarks>
internal sealed record TrainingState
{
    /// <summary>Version of the file's form.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version this state was written in.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Hash of the run's configuration.</summary>
    public required string Configuration { get; init; }

    /// <summary>Updates done.</summary>
    public int Update { get; init; }

    /// <summary>Where the next update is taken from.</summary>
    public DataCursor Cursor { get; init; }

    /// <summary>Tokens read.</summary>
    public long NumTokens { get; init; }

    /// <summary>Seconds of all updates.</summary>
    public double Seconds { get; init; }

    /// <summary>Bytes of the metrics file.</summary>
    public long MetricsBytes { get; init; }

    /// <summary>Sum of the losses of <see cref="LossUpdates"/>.</summary>
    public double LossSum { get; init; }

    /// <summary>Updates since the last checkpoint that was due.</summary>
    public int LossUpdates { get; init; }

    /// <summary>What an <see cref="IStatefulObjective"/> remembers.</summary>
    public IReadOnlyDictionary<string, double> Objective { get; init; } = new Dictionary<string, double>();

    /// <summary>What the alarms remember.</summary>
    public AlarmState Alarms { get; init; } = new();

    /// <summary>What checkpoints are compared by: the held-out loss, or without held-out data the mean loss since the due checkpoint before; null at an interruption.</summary>
    public double? Score { get; init; }

    /// <summary>The state after one more update.</summary>
    public TrainingState After(UpdateStep.Result result, DataCursor cursor, double seconds) => this with
    {
        Update = Update + 1,
        Cursor = cursor,
        NumTokens = NumTokens + result.Tokens,
        Seconds = Seconds + seconds,
        LossSum = LossSum + result.Loss,
        LossUpdates = LossUpdates + 1,
    };
}
