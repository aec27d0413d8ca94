using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>What a query or key head goes through before attention: an RMS norm with a gain, where the model has one, and the rotary turn of its position; with the way back for gradients.</summary>
/// <remarks>Rows and gains are padded with zeros to whole vectors of sixteen.</remarks>
/// <param name="Width">D; entries i and i + D/2 turn together.</param>
/// <param name="Cos">Cosines, float [positions, D], of which the first half of a row is read; zero where nothing turns.</param>
/// <param name="Sin">Sines, likewise.</param>
/// <param name="Gain">Float [D padded]; zero for no norm.</param>
/// <param name="Epsilon">Added to the mean square.</param>
internal readonly unsafe record struct HeadTurn(int Width, nint Cos, nint Sin, nint Gain, float Epsilon)
{
    /// <summary>Norms and turns <paramref name="rows"/> rows in place, the first of them at position 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(float* heads, int rows)
    {
        var stride = SimdTile.Up(Width);
        for (var position = 0; position < rows; position++, heads += stride)
        {
            if (Gain != 0)
            {
                var scale = Vector512.Create(Scale(heads));
                var gain = (float*)Gain;
                for (var number = 0; number < Width; number += Vector512<float>.Count)
                {
                    (Vector512.Load(heads + number) * (Vector512.Load(gain + number) * scale)).Store(heads + number);
                }
            }

            if (Cos != 0)
            {
                Rotate(heads, position, 1f);
            }
        }
    }

    /// <summary>Turns the gradient of what <see cref="Apply"/> made of a row into the gradient of the row, in place, and adds the gain's to <paramref name="gradGain"/>.</summary>
    /// <param name="gradient">Of the turned row.</param>
    /// <param name="head">The row as it was before.</param>
    /// <param name="position">Its position.</param>
    /// <param name="gradGain">[D padded].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Return(float* gradient, float* head, int position, float* gradGain)
    {
        if (Cos != 0)
        {
            Rotate(gradient, position, -1f);
        }

        if (Gain == 0)
        {
            return;
        }

        var (scale, dots) = (Scale(head), Vector512<float>.Zero);
        var gain = (float*)Gain;
        for (var number = 0; number < Width; number += Vector512<float>.Count)
        {
            dots = Vector512.FusedMultiplyAdd(Vector512.Load(gradient + number) * Vector512.Load(gain + number), Vector512.Load(head + number), dots);
        }

        // y = s g x with s = (mean x^2 + epsilon)^(-1/2): dx = s g dy - x s^3 / D sum(g dy x).
        var share = Vector512.Create(Vector512.Sum(dots) * scale * scale * scale / Width);
        var scales = Vector512.Create(scale);
        for (var number = 0; number < Width; number += Vector512<float>.Count)
        {
            var (outer, inner) = (Vector512.Load(gradient + number), Vector512.Load(head + number));
            Vector512.FusedMultiplyAdd(outer * inner, scales, Vector512.Load(gradGain + number)).Store(gradGain + number);
            ((outer * Vector512.Load(gain + number) * scales) - (inner * share)).Store(gradient + number);
        }
    }

    private float Scale(float* head)
    {
        var squares = Vector512<float>.Zero;
        for (var number = 0; number < Width; number += Vector512<float>.Count)
        {
            var value = Vector512.Load(head + number);
            squares = Vector512.FusedMultiplyAdd(value, value, squares);
        }

        return 1f / MathF.Sqrt((Vector512.Sum(squares) / Width) + Epsilon);
    }

    private void Rotate(float* head, int position, float direction)
    {
        var half = Width / 2;
        var cos = (float*)Cos + ((long)position * Width);
        var sin = (float*)Sin + ((long)position * Width);
        var number = 0;
        for (; number + Vector512<float>.Count <= half; number += Vector512<float>.Count)
        {
            var (first, second) = (Vector512.Load(head + number), Vector512.Load(head + half + number));
            var (c, s) = (Vector512.Load(cos + number), Vector512.Load(sin + number) * direction);
            ((first * c) - (second * s)).Store(head + number);
            ((second * c) + (first * s)).Store(head + half + number);
        }

        for (; number < half; number++)
        {
            var (first, second, c, s) = (head[number], head[half + number], cos[number], sin[number] * direction);
            head[number] = (first * c) - (second * s);
            head[half + number] = (second * c) + (first * s);
        }
    }
}
