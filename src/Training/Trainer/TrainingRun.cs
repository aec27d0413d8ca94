using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A run in its folder: goes on from its newest whole checkpoint, or begins.</summary>
/// <remarks>
/// <para>N updates give the same weights, to the bit on a CPU, as k updates, a kill at any time, and N - k updates.</para>
/// <para>Synchronous: call it from one thread, which stays in <see cref="Run"/> until the end.</para>
/// </remarks>
public sealed class TrainingRun : IDisposable
{
    private readonly TrainingJob _job;
    private readonly TrainingFolder _folder;
    private readonly RunConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly CheckpointStore _checkpoints;
    private readonly UpdateStream _stream;
    private readonly CausalLm _model;
    private readonly IOptimizer _optimizer;
    private readonly ModelTokenizer _tokenizer;
    private readonly ReferenceModel? _reference;
    private readonly AlarmWatch _alarms;
    private readonly Action<string> _warn;
    private TrainingState _state;
    private double? _loss;

    private TrainingRun(TrainingJob job, ReferenceModel? reference, TrainingFolder folder, RunConfiguration configuration, Action<string> warn, TimeProvider time)
    {
        (_job, _reference, _folder, _configuration, _time, _warn) = (job, reference, folder, configuration, time, warn);
        _alarms = new AlarmWatch(job.Alarms);
        var options = job.Options;
        _checkpoints = new CheckpointStore(folder.Checkpoints, options.KeptCheckpoints, warn);
        _stream = new UpdateStream(job.Items, options.Seed, options.TokensPerUpdate);
        Updates = options.Updates ?? _stream.UpdatesOf(options.Epochs);
        _tokenizer = ModelFolder.LoadTokenizer(job.ModelFolder);
        var newest = _checkpoints.Newest();
        _model = CausalLm.Load(newest?.Path ?? job.ModelFolder, options.Compute);
        try
        {
            _optimizer = options.Optimizer.Build(_model.Parameters, options.Compute.Product);
            _state = newest is { } checkpoint ? Restored(checkpoint.Path, checkpoint.State) : new TrainingState { Configuration = configuration.Hash };
            if (job.Objective is IStatefulObjective stateful)
            {
                stateful.State = _state.Objective;
            }

            _stream.Seek(_state.Cursor);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Updates of the whole run.</summary>
    public int Updates { get; }

    /// <summary>Updates done so far.</summary>
    public int Done => _state.Update;

    /// <summary>True when nothing is left to do.</summary>
    public bool IsFinished => Done == Updates && _folder.HasModel;

    /// <summary>Folder of the newest checkpoint's model; null before the first.</summary>
    public string? LatestCheckpoint => _checkpoints.Newest()?.Path;

    /// <summary>Where the run stands, for reports.</summary>
    public TrainingSummary Summary => new(Done, _state.NumTokens, Math.Round(_state.Seconds, 1), _loss, _checkpoints.Best(), _folder.Path);

    /// <summary>Opens a new run, or one that was stopped, at any point, under the same configuration.</summary>
    /// <param name="job">What is to be done.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="configuration">What decides the outcome, digests of model and data included.</param>
    /// <param name="warn">Told which damaged checkpoints were passed over.</param>
    /// <param name="time">Clock of the measurements.</param>
    /// <exception cref="AgenticException">The folder is another run's, the model or the data are unfit, or the place cannot be written.</exception>
    public static TrainingRun Open(TrainingJob job, string folder, RunConfiguration configuration, Action<string> warn, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(job);
        OptionsGuard.Checked(job.Options);
        OptionsGuard.Checked(job.Options.Schedule);
        OptionsGuard.Checked(job.Alarms);
        TorchNative.EnsureLoaded();
        var reference = ReferenceModel.For(job);
        var claimed = TrainingFolder.Claim(folder, configuration);
        try
        {
            return new TrainingRun(job, reference, claimed, configuration, warn, time);
        }
        catch
        {
            claimed.Dispose();
            throw;
        }
    }

    /// <summary>Removes the run of a folder, so that it can be started over.</summary>
    /// <exception cref="AgenticException">Another process is writing it.</exception>
    public static void Remove(string folder) => TrainingFolder.Remove(folder);

    /// <summary>Makes what is left of the run, then writes the model into the run's folder.</summary>
    /// <param name="progress">Told each update.</param>
    /// <param name="cancellationToken">Ends the run after the update under way, with a checkpoint.</param>
    /// <param name="until">Pauses after this update instead of the last; the next call goes on.</param>
    /// <exception cref="NonFiniteLossException">The numbers broke; checkpoints made before are intact.</exception>
    /// <exception cref="AlarmException">An alarm rings that is to end the run; there is a checkpoint.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted; the same call goes on.</exception>
    public void Run(IProgress<UpdateReport> progress, CancellationToken cancellationToken, int? until = null)
    {
        ArgumentNullException.ThrowIfNull(progress);
        _reference?.Prepare(_job, cancellationToken);
        using (var metrics = new MetricsFile(_folder.Metrics, _state.MetricsBytes))
        {
            using var step = new UpdateStep(new TrainedModels(_model, _reference?.Model), _job.Objective, _job.Items, _optimizer, _job.Options, _reference?.Stored);
            while (_state.Update < Math.Min(Updates, until ?? Updates))
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    Save(metrics, score: null);
                    throw new OperationCanceledException(cancellationToken);
                }

                StopOnAlarm(metrics);
                progress.Report(Advance(step, metrics));
            }
        }

        if (Done == Updates && !_folder.HasModel)
        {
            _folder.Publish(WriteModel);
        }
    }

    private UpdateReport Advance(UpdateStep step, MetricsFile metrics)
    {
        var start = _time.GetTimestamp();
        var rate = _job.Options.Schedule.Factor(_state.Update, Updates);
        var result = step.Run(_state.Update + 1, _stream.Next(), rate);
        var seconds = _time.GetElapsedTime(start).TotalSeconds;
        _state = Remembered(_state.After(result, _stream.Cursor, seconds), result.Metrics);
        var isDue = _state.Update % _job.Options.CheckpointUpdates == 0 || _state.Update == Updates;
        var measured = new Dictionary<string, double>(result.Metrics, StringComparer.Ordinal);
        var heldOut = isDue ? HeldOutReport.Add(_job, step, measured) : null;
        var report = new UpdateReport(
            _state.Update, result.Loss, result.GradNorm, rate * _optimizer.LearningRate, _stream.Epochs, _state.NumTokens, result.Tokens / seconds, _state.Seconds, measured);
        metrics.Append(report);
        _loss = result.Loss;
        if (isDue)
        {
            var score = heldOut ?? (_state.LossSum / _state.LossUpdates);
            _state = _state with { LossSum = 0, LossUpdates = 0 };
            Save(metrics, score);
        }

        return report;
    }

    private TrainingState Remembered(TrainingState state, IReadOnlyDictionary<string, double> metrics)
    {
        if (_job.Objective is IStatefulObjective stateful)
        {
            stateful.Advance(metrics);
            state = state with { Objective = stateful.State };
        }

        var alarms = _alarms.After(state.Alarms, metrics);
        foreach (var alarm in AlarmWatch.Single(alarms.Ringing & ~state.Alarms.Ringing))
        {
            _warn($"update {state.Update}: {_alarms.Describe(alarm, alarms)}");
        }

        return state with { Alarms = alarms };
    }

    private void StopOnAlarm(MetricsFile metrics)
    {
        foreach (var alarm in AlarmWatch.Single(_state.Alarms.Ringing & _job.Alarms.StopOn))
        {
            Save(metrics, score: null);
            throw new AlarmException($"stopped after update {_state.Update}, with a checkpoint: {_alarms.Describe(alarm, _state.Alarms)}. To go on all the same, change or clear the alarms");
        }
    }

    private void Save(MetricsFile metrics, double? score)
    {
        metrics.Flush();
        _checkpoints.Write(_state with { MetricsBytes = metrics.Length, Score = score }, temporary =>
        {
            WriteModel(temporary);
            OptimizerFile.Write(temporary, _optimizer.State);
        });
    }

    private TrainingState Restored(string path, TrainingState state)
    {
        if (state.Configuration != _configuration.Hash)
        {
            throw new AgenticException($"{path} belongs to a run of another configuration; name another place with --out, or start the run over with --force");
        }

        OptimizerFile.Read(path, _optimizer.State);
        return state;
    }

    private void WriteModel(string folder)
    {
        _model.Save(folder);
        _tokenizer.CopyTo(folder);
        if (_job.Header is { } header)
        {
            File.WriteAllText(Path.Combine(folder, DemonstrationHeader.FileName), header.ToIndentedJson());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer?.Dispose();
        _reference?.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }
}

/// <summary>Where a run stands.</summary>
/// <param name="Updates">Updates done.</param>
/// <param name="NumTokens">Tokens read.</param>
/// <param name="Seconds">Time of all updates.</param>
/// <param name="Loss">Loss of the last update that this process made; null when it made none.</param>
/// <param name="BestCheckpoint">The checkpoint with the lowest loss.</param>
/// <param name="Model">Folder of the run, which is that of the model once the run is finished.</param>
public sealed record TrainingSummary(int Updates, long NumTokens, double Seconds, double? Loss, string? BestCheckpoint, string Model);
