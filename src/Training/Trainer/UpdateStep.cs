using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>One update: forward and backward over its micro-batches, the gradient made finite and short, the optimizer.</summary>
/// <remarks>Knows the objective only as <see cref="IObjective"/> and the data only as <see cref="ITrainingItems"/>. Leaves no tensor behind.</remarks>
internal sealed class UpdateStep : IDisposable
{
    private readonly TrainedModels _models;
    private readonly IObjective _objective;
    private readonly ITrainingItems _items;
    private readonly IOptimizer _optimizer;
    private readonly TrainerOptions _options;
    private readonly Gradients _gradients;
    private readonly Func<ObjectiveBatch, Tensor>? _stored;
    private readonly ModelWorkers? _workers;
    private readonly ObjectivePass _pass;

    public UpdateStep(TrainedModels models, IObjective objective, ITrainingItems items, IOptimizer optimizer, TrainerOptions options, Func<ObjectiveBatch, Tensor>? stored = null)
    {
        (_models, _objective, _items, _optimizer, _options, _stored) = (models, objective, items, optimizer, options, stored);
        _gradients = new Gradients(models.Policy.Parameters);
        _workers = ModelWorkers.For(models, options);
        _pass = PassOver(objective, items);
    }

    /// <summary>What an update measured.</summary>
    internal sealed record Result(double Loss, double GradNorm, long Tokens, IReadOnlyDictionary<string, double> Metrics);

    /// <summary>Makes the update.</summary>
    /// <param name="update">1-based.</param>
    /// <param name="taken">Its items.</param>
    /// <param name="rate">Share of the learning rate.</param>
    /// <exception cref="NonFiniteLossException">Loss or gradient is not finite; no weight has changed.</exception>
    public Result Run(int update, IReadOnlyList<int> taken, double rate)
    {
        using var scope = NewDisposeScope();
        _gradients.Clear();
        var (loss, metrics) = _pass.Over(taken, result => result.Loss.backward());
        var norm = double.NaN;
        Alone(() => norm = _gradients.Norm());
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            _gradients.Clear();
            throw new NonFiniteLossException(update, loss, norm);
        }

        Alone(() =>
        {
            _gradients.Clip(norm, _options.MaxGradNorm);
            _optimizer.Step(update, rate);
        });
        _gradients.Clear();
        return new Result(loss, norm, taken.Sum(item => (long)_items.SizeOf(item).Tokens), metrics);
    }

    /// <summary>Loss and metrics over all of <paramref name="held"/>, as one update would have them; changes nothing.</summary>
    public (double Loss, IReadOnlyDictionary<string, double> Metrics) Measure(ITrainingItems held, IObjective? by = null)
    {
        using var noGradient = no_grad();
        var all = Enumerable.Range(0, held.Count).OrderByDescending(item => held.SizeOf(item).LongestRow).ToArray();
        return PassOver(by ?? _objective, held).Over(all);
    }

    private ObjectivePass PassOver(IObjective objective, ITrainingItems items) => new(_models, objective, items, _options.MicroBatchTokens, _workers, _stored);

    // On a worker's one thread too, where there are workers: products shared among threads may differ in their last bits.
    private void Alone(Action work)
    {
        if (_workers is null)
        {
            work();
            return;
        }

        using var noGradient = no_grad();
        _workers.Run(1, (_, _) => work());
    }

    /// <inheritdoc/>
    public void Dispose() => _workers?.Dispose();
}
