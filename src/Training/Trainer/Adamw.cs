using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>AdamW (Loshchilov and Hutter 2019): Adam with decay applied to the weights, not to the gradients.</summary>
public sealed record AdamwOptimizerOptions : OptimizerOptions
{
    /// <summary>Learning rate. Tiny models trained from nothing take about 3e-3.</summary>
    [Range(1e-9, 10.0)] public double LearningRate { get; init; } = 3e-4;

    /// <summary>Share of the running mean of gradients that is kept.</summary>
    [Range(0.0, 0.999999)] public double Beta1 { get; init; } = 0.9;

    /// <summary>Share of the running mean of squared gradients that is kept.</summary>
    [Range(0.0, 0.9999999)] public double Beta2 { get; init; } = 0.95;

    /// <summary>Added to the root of the mean square.</summary>
    [Range(0.0, 1.0)] public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of a matrix that one update at rate 1 takes away; vectors (gains, biases) never decay.</summary>
    [Range(0.0, 10.0)] public double WeightDecay { get; init; }

    internal override IOptimizer Build(IReadOnlyList<(string Name, Tensor Value)> parameters, ScalarType product) =>
        new Adamw(OptionsGuard.Checked(this), parameters);
}

/// <summary>
/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = w (1 - lr decay) - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
/// </summary>
internal sealed class Adamw : IOptimizer
{
    private readonly AdamwOptimizerOptions _options;
    private readonly IReadOnlyList<Slot> _slots;

    public Adamw(AdamwOptimizerOptions options, IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        _options = options;
        _slots = [.. parameters.Select(parameter => new Slot(parameter.Value))];
        State =
        [
            .. parameters.Zip(_slots, (parameter, slot) => ("adamw.mean." + parameter.Name, slot.Mean)),
            .. parameters.Zip(_slots, (parameter, slot) => ("adamw.square." + parameter.Name, slot.Square)),
        ];
    }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public double LearningRate => _options.LearningRate;

    public void Step(int update, double rate)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var learningRate = rate * _options.LearningRate;
        var meanShare = 1 - Math.Pow(_options.Beta1, update);
        var squareRoot = Math.Sqrt(1 - Math.Pow(_options.Beta2, update));
        using Scalar beta1 = _options.Beta1, rest1 = 1 - _options.Beta1, beta2 = _options.Beta2, rest2 = 1 - _options.Beta2, epsilon = _options.Epsilon;
        using Scalar shrink = 1 - (learningRate * _options.WeightDecay), correction = squareRoot, change = -learningRate / meanShare;
        foreach (var slot in _slots)
        {
            if (slot.Parameter.grad is not { } gradient)
            {
                continue;
            }

            if (_options.WeightDecay > 0 && slot.Parameter.dim() > 1)
            {
                slot.Parameter.mul_(shrink);
            }

            slot.Mean.mul_(beta1).add_(gradient, alpha: rest1);
            slot.Square.mul_(beta2).addcmul_(gradient, gradient, rest2);
            var divisor = slot.Square.sqrt().div_(correction).add_(epsilon);
            slot.Parameter.addcdiv_(slot.Mean, divisor, change);
        }
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }
    }

    private sealed class Slot(Tensor parameter)
    {
        public Tensor Parameter { get; } = parameter;

        public Tensor Mean { get; } = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();

        public Tensor Square { get; } = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
    }
}
