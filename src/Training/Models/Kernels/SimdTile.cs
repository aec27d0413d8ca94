using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>The one matrix product of the CPU kernels: eight rows of C (+)= A B, where A is read element by element and B in panels of sixteen columns.</summary>
/// <remarks>
/// Strides are in floats. A element (row, step) lies at row * aRow + step * aStep, so A may be transposed for nothing;
/// B vector (step, panel) at step * bStep + panel * bPanel. Sums run over the steps in order, one accumulator each: the result
/// does not depend on how a caller cuts rows or columns. Optimised at once: the first update of a run is as fast as the last.
/// </remarks>
internal static unsafe class SimdTile
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 8;

    /// <summary>Columns of a panel.</summary>
    public const int Lanes = 16;

    /// <summary>Panels that hold <paramref name="count"/> columns.</summary>
    public static int Panels(int count) => (count + Lanes - 1) / Lanes;

    /// <summary><paramref name="count"/> rounded up to whole panels.</summary>
    public static int Up(int count) => Panels(count) * Lanes;

    /// <summary>C[8, 16 panels] = (add ? C : 0) + A[8, steps] B[steps, 16 panels].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint aRow, nint aStep, float* b, nint bPanel, nint bStep, int steps, float* c, nint cRow, int panels, bool add)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            for (var panel = 0; panel < panels; panel++)
            {
                HalfRows(a, aRow, aStep, b + (panel * bPanel), bStep, steps, c + (panel * Lanes), cRow, add);
                HalfRows(a + (4 * aRow), aRow, aStep, b + (panel * bPanel), bStep, steps, c + (4 * cRow) + (panel * Lanes), cRow, add);
            }

            return;
        }

        var pair = 0;
        for (; pair + 2 <= panels; pair += 2)
        {
            Two(a, aRow, aStep, b + (pair * bPanel), bPanel, bStep, steps, c + (pair * Lanes), cRow, add);
        }

        if (pair < panels)
        {
            One(a, aRow, aStep, b + (pair * bPanel), bStep, steps, c + (pair * Lanes), cRow, add);
        }
    }

    // Sixteen accumulators, two panels and one broadcast live in the 32 registers of AVX-512.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(float* a, nint aRow, nint aStep, float* b, nint bPanel, nint bStep, int steps, float* c, nint cRow, bool add)
    {
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        Vector512<float> c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        var (twice, thrice) = (2 * aRow, 3 * aRow);
        var low = a;
        var high = a + (4 * aRow);
        for (var step = 0; step < steps; step++)
        {
            var (first, second) = (Vector512.Load(b), Vector512.Load(b + bPanel));
            var value = Vector512.Create(*low);
            c00 = Vector512.FusedMultiplyAdd(value, first, c00);
            c01 = Vector512.FusedMultiplyAdd(value, second, c01);
            value = Vector512.Create(low[aRow]);
            c10 = Vector512.FusedMultiplyAdd(value, first, c10);
            c11 = Vector512.FusedMultiplyAdd(value, second, c11);
            value = Vector512.Create(low[twice]);
            c20 = Vector512.FusedMultiplyAdd(value, first, c20);
            c21 = Vector512.FusedMultiplyAdd(value, second, c21);
            value = Vector512.Create(low[thrice]);
            c30 = Vector512.FusedMultiplyAdd(value, first, c30);
            c31 = Vector512.FusedMultiplyAdd(value, second, c31);
            value = Vector512.Create(*high);
            c40 = Vector512.FusedMultiplyAdd(value, first, c40);
            c41 = Vector512.FusedMultiplyAdd(value, second, c41);
            value = Vector512.Create(high[aRow]);
            c50 = Vector512.FusedMultiplyAdd(value, first, c50);
            c51 = Vector512.FusedMultiplyAdd(value, second, c51);
            value = Vector512.Create(high[twice]);
            c60 = Vector512.FusedMultiplyAdd(value, first, c60);
            c61 = Vector512.FusedMultiplyAdd(value, second, c61);
            value = Vector512.Create(high[thrice]);
            c70 = Vector512.FusedMultiplyAdd(value, first, c70);
            c71 = Vector512.FusedMultiplyAdd(value, second, c71);
            low += aStep;
            high += aStep;
            b += bStep;
        }

        Store(c, c00, c01, add);
        Store(c + cRow, c10, c11, add);
        Store(c + (2 * cRow), c20, c21, add);
        Store(c + (3 * cRow), c30, c31, add);
        Store(c + (4 * cRow), c40, c41, add);
        Store(c + (5 * cRow), c50, c51, add);
        Store(c + (6 * cRow), c60, c61, add);
        Store(c + (7 * cRow), c70, c71, add);
    }

    private static void Store(float* c, Vector512<float> first, Vector512<float> second, bool add)
    {
        if (add)
        {
            first += Vector512.Load(c);
            second += Vector512.Load(c + Lanes);
        }

        first.Store(c);
        second.Store(c + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(float* a, nint aRow, nint aStep, float* b, nint bStep, int steps, float* c, nint cRow, bool add)
    {
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        var (twice, thrice) = (2 * aRow, 3 * aRow);
        var low = a;
        var high = a + (4 * aRow);
        for (var step = 0; step < steps; step++)
        {
            var first = Vector512.Load(b);
            c0 = Vector512.FusedMultiplyAdd(Vector512.Create(*low), first, c0);
            c1 = Vector512.FusedMultiplyAdd(Vector512.Create(low[aRow]), first, c1);
            c2 = Vector512.FusedMultiplyAdd(Vector512.Create(low[twice]), first, c2);
            c3 = Vector512.FusedMultiplyAdd(Vector512.Create(low[thrice]), first, c3);
            c4 = Vector512.FusedMultiplyAdd(Vector512.Create(*high), first, c4);
            c5 = Vector512.FusedMultiplyAdd(Vector512.Create(high[aRow]), first, c5);
            c6 = Vector512.FusedMultiplyAdd(Vector512.Create(high[twice]), first, c6);
            c7 = Vector512.FusedMultiplyAdd(Vector512.Create(high[thrice]), first, c7);
            low += aStep;
            high += aStep;
            b += bStep;
        }

        (add ? c0 + Vector512.Load(c) : c0).Store(c);
        (add ? c1 + Vector512.Load(c + cRow) : c1).Store(c + cRow);
        (add ? c2 + Vector512.Load(c + (2 * cRow)) : c2).Store(c + (2 * cRow));
        (add ? c3 + Vector512.Load(c + (3 * cRow)) : c3).Store(c + (3 * cRow));
        (add ? c4 + Vector512.Load(c + (4 * cRow)) : c4).Store(c + (4 * cRow));
        (add ? c5 + Vector512.Load(c + (5 * cRow)) : c5).Store(c + (5 * cRow));
        (add ? c6 + Vector512.Load(c + (6 * cRow)) : c6).Store(c + (6 * cRow));
        (add ? c7 + Vector512.Load(c + (7 * cRow)) : c7).Store(c + (7 * cRow));
    }

    // Four rows by one panel: eight accumulators for machines whose vectors hold eight floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HalfRows(float* a, nint aRow, nint aStep, float* b, nint bStep, int steps, float* c, nint cRow, bool add)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        var (twice, thrice) = (2 * aRow, 3 * aRow);
        for (var step = 0; step < steps; step++)
        {
            var (first, second) = (Vector256.Load(b), Vector256.Load(b + 8));
            var value = Vector256.Create(*a);
            c00 = Vector256.FusedMultiplyAdd(value, first, c00);
            c01 = Vector256.FusedMultiplyAdd(value, second, c01);
            value = Vector256.Create(a[aRow]);
            c10 = Vector256.FusedMultiplyAdd(value, first, c10);
            c11 = Vector256.FusedMultiplyAdd(value, second, c11);
            value = Vector256.Create(a[twice]);
            c20 = Vector256.FusedMultiplyAdd(value, first, c20);
            c21 = Vector256.FusedMultiplyAdd(value, second, c21);
            value = Vector256.Create(a[thrice]);
            c30 = Vector256.FusedMultiplyAdd(value, first, c30);
            c31 = Vector256.FusedMultiplyAdd(value, second, c31);
            a += aStep;
            b += bStep;
        }

        Store(c, c00, c01, add);
        Store(c + cRow, c10, c11, add);
        Store(c + (2 * cRow), c20, c21, add);
        Store(c + (3 * cRow), c30, c31, add);
    }

    private static void Store(float* c, Vector256<float> first, Vector256<float> second, bool add)
    {
        if (add)
        {
            first += Vector256.Load(c);
            second += Vector256.Load(c + 8);
        }

        first.Store(c);
        second.Store(c + 8);
    }
}
