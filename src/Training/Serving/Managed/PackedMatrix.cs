using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>A linear layer, y = W x + b, packed for many rows at once.</summary>
/// <remarks>
/// Outputs stand in panels of 16, one vector an input: every output of every row is one chain of fused multiply-adds over the inputs in their order.
/// So a result is the same to the bit whatever rows are computed beside it and however they are tiled.
/// </remarks>
internal sealed class PackedMatrix
{
    private const int Width = VectorMath.Width;
    private readonly float[] _panels;
    private readonly float[] _bias;

    /// <summary>Packs matrices of [outputs, inputs] below each other; each begins a panel of its own.</summary>
    public PackedMatrix(int inputs, params ReadOnlySpan<(float[] Matrix, float[]? Bias)> parts)
    {
        Inputs = inputs;
        foreach (var (matrix, _) in parts)
        {
            Outputs += VectorMath.Padded(matrix.Length / inputs);
        }

        _panels = new float[(long)Outputs * inputs];
        _bias = new float[Outputs];
        var first = 0;
        foreach (var (matrix, bias) in parts)
        {
            var outputs = matrix.Length / inputs;
            bias?.CopyTo(_bias, first);
            for (var output = 0; output < outputs; output++)
            {
                var (panel, lane) = Math.DivRem(first + output, Width);
                for (var input = 0; input < inputs; input++)
                {
                    _panels[(((long)panel * inputs) + input) * Width + lane] = matrix[((long)output * inputs) + input];
                }
            }

            first += VectorMath.Padded(outputs);
        }
    }

    public int Inputs { get; }

    /// <summary>Outputs of a row, each part padded to whole panels; the padding is zero.</summary>
    public int Outputs { get; }

    /// <summary>Computes rows of outputs from rows of inputs.</summary>
    /// <param name="x">Inputs, rows <paramref name="xStride"/> apart.</param>
    /// <param name="y">Outputs, rows <see cref="Outputs"/> apart.</param>
    public void Multiply(ReadOnlySpan<float> x, int xStride, int rows, Span<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(((rows - 1) * xStride) + Inputs, x.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows * Outputs, y.Length);
        ref var input = ref MemoryMarshal.GetReference(x);
        ref var output = ref MemoryMarshal.GetReference(y);
        var panels = Outputs / Width;
        var panel = 0;
        for (; panel + 4 <= panels; panel += 4)
        {
            var row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                FourRows(ref Unsafe.Add(ref input, row * xStride), xStride, panel, ref Unsafe.Add(ref output, row * Outputs));
            }

            for (; row < rows; row++)
            {
                OneRow(ref Unsafe.Add(ref input, row * xStride), panel, ref Unsafe.Add(ref output, row * Outputs));
            }
        }

        for (; panel < panels; panel++)
        {
            for (var row = 0; row < rows; row++)
            {
                OnePanel(ref Unsafe.Add(ref input, row * xStride), panel, ref Unsafe.Add(ref output, row * Outputs));
            }
        }
    }

    /// <summary>Four rows by four panels: sixteen chains, enough to keep the multipliers busy.</summary>
    private void FourRows(ref float x, int stride, int panel, ref float y)
    {
        ref var w0 = ref _panels[(long)panel * Inputs * Width];
        ref var w1 = ref Unsafe.Add(ref w0, Inputs * Width);
        ref var w2 = ref Unsafe.Add(ref w1, Inputs * Width);
        ref var w3 = ref Unsafe.Add(ref w2, Inputs * Width);
        ref var x1 = ref Unsafe.Add(ref x, stride);
        ref var x2 = ref Unsafe.Add(ref x1, stride);
        ref var x3 = ref Unsafe.Add(ref x2, stride);
        var a00 = Bias(panel);
        var a01 = Bias(panel + 1);
        var a02 = Bias(panel + 2);
        var a03 = Bias(panel + 3);
        var (a10, a11, a12, a13) = (a00, a01, a02, a03);
        var (a20, a21, a22, a23) = (a00, a01, a02, a03);
        var (a30, a31, a32, a33) = (a00, a01, a02, a03);
        for (nuint i = 0; i < (nuint)Inputs; i++)
        {
            var v0 = Vector512.LoadUnsafe(ref w0, i * Width);
            var v1 = Vector512.LoadUnsafe(ref w1, i * Width);
            var v2 = Vector512.LoadUnsafe(ref w2, i * Width);
            var v3 = Vector512.LoadUnsafe(ref w3, i * Width);
            var b = Vector512.Create(Unsafe.Add(ref x, i));
            a00 = Vector512.FusedMultiplyAdd(v0, b, a00);
            a01 = Vector512.FusedMultiplyAdd(v1, b, a01);
            a02 = Vector512.FusedMultiplyAdd(v2, b, a02);
            a03 = Vector512.FusedMultiplyAdd(v3, b, a03);
            b = Vector512.Create(Unsafe.Add(ref x1, i));
            a10 = Vector512.FusedMultiplyAdd(v0, b, a10);
            a11 = Vector512.FusedMultiplyAdd(v1, b, a11);
            a12 = Vector512.FusedMultiplyAdd(v2, b, a12);
            a13 = Vector512.FusedMultiplyAdd(v3, b, a13);
            b = Vector512.Create(Unsafe.Add(ref x2, i));
            a20 = Vector512.FusedMultiplyAdd(v0, b, a20);
            a21 = Vector512.FusedMultiplyAdd(v1, b, a21);
            a22 = Vector512.FusedMultiplyAdd(v2, b, a22);
            a23 = Vector512.FusedMultiplyAdd(v3, b, a23);
            b = Vector512.Create(Unsafe.Add(ref x3, i));
            a30 = Vector512.FusedMultiplyAdd(v0, b, a30);
            a31 = Vector512.FusedMultiplyAdd(v1, b, a31);
            a32 = Vector512.FusedMultiplyAdd(v2, b, a32);
            a33 = Vector512.FusedMultiplyAdd(v3, b, a33);
        }

        Store(ref y, panel, a00, a01, a02, a03);
        Store(ref Unsafe.Add(ref y, Outputs), panel, a10, a11, a12, a13);
        Store(ref Unsafe.Add(ref y, 2 * Outputs), panel, a20, a21, a22, a23);
        Store(ref Unsafe.Add(ref y, 3 * Outputs), panel, a30, a31, a32, a33);
    }

    private void OneRow(ref float x, int panel, ref float y)
    {
        ref var w0 = ref _panels[(long)panel * Inputs * Width];
        ref var w1 = ref Unsafe.Add(ref w0, Inputs * Width);
        ref var w2 = ref Unsafe.Add(ref w1, Inputs * Width);
        ref var w3 = ref Unsafe.Add(ref w2, Inputs * Width);
        var (a0, a1, a2, a3) = (Bias(panel), Bias(panel + 1), Bias(panel + 2), Bias(panel + 3));
        for (nuint i = 0; i < (nuint)Inputs; i++)
        {
            var b = Vector512.Create(Unsafe.Add(ref x, i));
            a0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref w0, i * Width), b, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref w1, i * Width), b, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref w2, i * Width), b, a2);
            a3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref w3, i * Width), b, a3);
        }

        Store(ref y, panel, a0, a1, a2, a3);
    }

    private void OnePanel(ref float x, int panel, ref float y)
    {
        ref var w = ref _panels[(long)panel * Inputs * Width];
        var sum = Bias(panel);
        for (nuint i = 0; i < (nuint)Inputs; i++)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref w, i * Width), Vector512.Create(Unsafe.Add(ref x, i)), sum);
        }

        sum.StoreUnsafe(ref y, (nuint)panel * Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Bias(int panel) => Vector512.LoadUnsafe(ref _bias[0], (nuint)panel * Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float y, int panel, Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> a3)
    {
        a0.StoreUnsafe(ref y, (nuint)panel * Width);
        a1.StoreUnsafe(ref y, (nuint)(panel + 1) * Width);
        a2.StoreUnsafe(ref y, (nuint)(panel + 2) * Width);
        a3.StoreUnsafe(ref y, (nuint)(panel + 3) * Width);
    }
}
