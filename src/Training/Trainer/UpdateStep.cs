using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>One update: forward and backward over its micro-batches, the gradient made finite and short, the optimizer.</summary>
/// <remarks>Knows the objective only as <see cref="IObjective"/> and the data only as <see cref="ITrainingItems"/>. Leaves no tensor behind.</remarks>
internal sealed class UpdateStep(ICausalLm model, IObjective objective, ITrainingItems items, IOptimizer optimizer, TrainerOptions options)
{
    private readonly Gradients _gradients = new(model.Parameters);
    private readonly ObjectivePass _pass = new(model, objective, items, options.MicroBatchTokens);

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
        var norm = _gradients.Norm();
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            _gradients.Clear();
            throw new NonFiniteLossException(update, loss, norm);
        }

        _gradients.Clip(norm, options.MaxGradNorm);
        optimizer.Step(update, rate);
        _gradients.Clear();
        return new Result(loss, norm, taken.Sum(item => (long)items.SizeOf(item).Tokens), metrics);
    }
}
