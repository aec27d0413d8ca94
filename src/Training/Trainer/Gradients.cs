using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The gradients of a model's parameters as one long vector.</summary>
internal sealed class Gradients(IReadOnlyList<(string Name, Tensor Value)> parameters)
{
    /// <summary>Keeps the quotient finite; the constant of torch's clip_grad_norm_.</summary>
    private const double Tiny = 1e-6;

    private IReadOnlyList<(string Name, Tensor Value)> Parameters => parameters;

    /// <summary>Forgets them; the next backward begins new ones.</summary>
    public void Clear()
    {
        foreach (var (_, value) in parameters)
        {
            value.grad = null;
        }
    }

    /// <summary>Adds them to those of <paramref name="total"/>, parameter by parameter, and forgets them.</summary>
    public void MoveTo(Gradients total)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var ((_, value), (_, sum)) in parameters.Zip(total.Parameters))
        {
            if (value.grad is { } gradient)
            {
                if (sum.grad is { } sofar)
                {
                    sofar.add_(gradient);
                }
                else
                {
                    sum.grad = gradient;
                }

                value.grad = null;
            }
        }
    }

    /// <summary>Their Euclidean norm.</summary>
    public double Norm()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var norms = parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>().Select(gradient => gradient.norm()).ToArray();
        return norms.Length == 0 ? 0 : stack(norms).norm().ToDouble();
    }

    /// <summary>Scales them to <paramref name="max"/> when <paramref name="norm"/> is above it; 0 never does.</summary>
    public void Clip(double norm, double max)
    {
        var share = max / (norm + Tiny);
        if (max <= 0 || share >= 1)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar factor = share;
        foreach (var (_, value) in parameters)
        {
            value.grad?.mul_(factor);
        }
    }
}
