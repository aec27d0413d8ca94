using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Root-mean-square norm over the last axis: x / sqrt(mean(x^2) + epsilon) * gain (Zhang and Sennrich 2019).</summary>
internal static class RmsNorm
{
    /// <summary>In the type of <paramref name="input"/>.</summary>
    public static Tensor Apply(Tensor input, Tensor gain, double epsilon)
    {
        using var scope = NewDisposeScope();
        using Scalar kept = epsilon; // held while native code reads it
        var scale = (input * input).mean([-1L], keepdim: true).add(kept).rsqrt();
        return (input * scale * gain).MoveToOuterDisposeScope();
    }
}
