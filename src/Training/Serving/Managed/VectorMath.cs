using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>Elementwise functions and sums of float vectors. Every operation is done in one fixed order, so equal input gives equal bits.</summary>
internal static class VectorMath
{
    /// <summary>Floats of a vector; narrower machines do the same in parts.</summary>
    public const int Width = 16;

    public static int Padded(int count) => (count + Width - 1) / Width * Width;

    /// <summary>e^x up to 2^126; relative error about 1e-7 times the size of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x) => SimdMath.Exp2(Vector512.Min(x * 1.44269504f, Vector512.Create(126f)));

    /// <summary>Sum of squares, in an order that depends on their number alone.</summary>
    public static float SumOfSquares(ReadOnlySpan<float> values)
    {
        var sum = Vector512<float>.Zero;
        var at = 0;
        for (; at + Width <= values.Length; at += Width)
        {
            var part = Vector512.Create(values[at..]);
            sum = Vector512.FusedMultiplyAdd(part, part, sum);
        }

        var total = Vector512.Sum(sum);
        for (; at < values.Length; at++)
        {
            total += values[at] * values[at];
        }

        return total;
    }

    /// <summary>output = input * scale * gain, entry by entry.</summary>
    public static void Scale(ReadOnlySpan<float> input, float scale, ReadOnlySpan<float> gain, Span<float> output)
    {
        var at = 0;
        for (; at + Width <= input.Length; at += Width)
        {
            (Vector512.Create(input[at..]) * scale * Vector512.Create(gain[at..])).CopyTo(output[at..]);
        }

        for (; at < input.Length; at++)
        {
            output[at] = input[at] * scale * gain[at];
        }
    }

    /// <summary>RMSNorm: input / sqrt(mean of squares + epsilon) * gain.</summary>
    public static void RmsNorm(ReadOnlySpan<float> input, ReadOnlySpan<float> gain, float epsilon, Span<float> output) =>
        Scale(input, 1 / MathF.Sqrt((SumOfSquares(input) / input.Length) + epsilon), gain, output);

    /// <summary>target += values.</summary>
    public static void Add(Span<float> target, ReadOnlySpan<float> values)
    {
        var at = 0;
        for (; at + Width <= target.Length; at += Width)
        {
            (Vector512.Create<float>(target[at..]) + Vector512.Create(values[at..])).CopyTo(target[at..]);
        }

        for (; at < target.Length; at++)
        {
            target[at] += values[at];
        }
    }

    /// <summary>SwiGLU: gate = gate * sigmoid(gate) * up. Lengths are multiples of <see cref="Width"/>.</summary>
    public static void SwiGlu(Span<float> gate, ReadOnlySpan<float> up)
    {
        for (var at = 0; at < gate.Length; at += Width)
        {
            var x = Vector512.Create<float>(gate[at..]);
            (x / (Vector512<float>.One + Exp(-x)) * Vector512.Create(up[at..])).CopyTo(gate[at..]);
        }
    }
}
