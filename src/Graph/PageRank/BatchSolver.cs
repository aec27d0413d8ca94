using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Agentic.Graph;

/// <summary>Solves several restart vectors in the same sweeps: an arc is read once for <see cref="Width"/> of them.</summary>
/// <remarks>The equations are those of <see cref="GaussSeidelSolver"/>; y is stored node by node, the columns of a node side by side.</remarks>
internal sealed class BatchSolver<TValue, TWeight>(TransitionMatrix matrix, TWeight[] weights, PageRankOptions options)
    where TValue : unmanaged, INumberBase<TValue>
    where TWeight : unmanaged, INumberBase<TWeight>
{
    /// <summary>Restart vectors solved together: two machine vectors, which for float32 are one cache line a node with AVX2.</summary>
    public static int Width => 2 * Vector<TValue>.Count;

    /// <summary>Rows after which sums of float32 are taken over into float64.</summary>
    private const int RowsPerSum = 128;

    private readonly TValue[] _y = new TValue[matrix.NodeCount * (long)Width];
    private readonly double[] _change = new double[Width];

    /// <summary>The distributions of at most <see cref="Width"/> restart vectors; the sweeps stop when all have met the tolerance.</summary>
    public IReadOnlyList<PageRankResult> Solve(IReadOnlyList<RestartVector> restarts)
    {
        var rows = BatchRestart<TValue>.Of(restarts, matrix, Width);
        for (var entry = 0; entry < rows.Nodes.Length; entry++)
        {
            var strength = TValue.CreateTruncating(matrix.Strength[rows.Nodes[entry]]);
            for (var column = 0; column < Width; column++)
            {
                _y[rows.Nodes[entry] * (long)Width + column] = rows.Values[entry * Width + column] / strength;
            }
        }

        var iterations = 0;
        do
        {
            Sweep(rows);
            iterations++;
        }
        while (iterations < options.MaxIterations && (options.Iterations is not null || _change.AsSpan(0, restarts.Count).ContainsAnyInRange(options.Tolerance, double.PositiveInfinity)));

        var inner = new double[matrix.NodeCount];
        return [.. restarts.Select((_, column) => Result(rows, column, iterations, inner))];
    }

    private void Sweep(BatchRestart<TValue> rows)
    {
        Array.Clear(_change);
        foreach (var block in rows.Blocks)
        {
            var changed = new double[Width];
            var mass = new double[Width];
            SweepRows(rows, block, changed, mass);
            for (var column = 0; column < Width; column++)
            {
                if (block.RestartMass[column] > 0)
                {
                    var known = mass[column] + options.Damping / (1 - options.Damping) * DanglingMass(block, column);
                    var scale = block.RestartMass[column] / known;
                    _change[column] += changed[column] * block.Scale[column] + Math.Abs(scale - block.Scale[column]) * mass[column];
                    block.Scale[column] = scale;
                }
            }
        }
    }

    private double DanglingMass(BatchBlock block, int column)
    {
        var mass = 0.0;
        foreach (var node in matrix.DanglingOf(block.Start, block.End))
        {
            mass += double.CreateTruncating(_y[node * (long)Width + column]);
        }

        return mass;
    }

    private void SweepRows(BatchRestart<TValue> rows, BatchBlock block, double[] changed, double[] mass)
    {
        var entry = block.FirstEntry;
        var restartScale = block.Scale.Select(scale => TValue.CreateTruncating((1 - options.Damping) / scale)).ToArray();
        for (var start = block.Start; start < block.End; start += RowsPerSum)
        {
            var sums = new Sums();
            SweepSome(start, Math.Min(start + RowsPerSum, block.End), rows, ref entry, restartScale, ref sums);
            sums.AddTo(changed, mass);
        }
    }

    private void SweepSome(int start, int end, BatchRestart<TValue> rows, ref int entry, TValue[] restartScale, ref Sums sums)
    {
        ref var source = ref MemoryMarshal.GetArrayDataReference(matrix.Sources);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
        ref var y = ref MemoryMarshal.GetArrayDataReference(_y);
        var damping = new Vector<TValue>(TValue.CreateTruncating(options.Damping));
        var arc = (nint)matrix.FirstArc[start];
        for (var node = start; node < end; node++)
        {
            var (a, b) = (Vector<TValue>.Zero, Vector<TValue>.Zero);
            for (var last = (nint)matrix.FirstArc[node + 1]; arc < last; arc++)
            {
                var w = new Vector<TValue>(TValue.CreateTruncating(Unsafe.Add(ref weight, arc)));
                ref var from = ref Unsafe.Add(ref y, Unsafe.Add(ref source, arc) * (nint)Width);
                a += w * Vector.LoadUnsafe(ref from);
                b += w * Vector.LoadUnsafe(ref from, (nuint)Vector<TValue>.Count);
            }

            (a, b) = (a * damping, b * damping);
            if (entry < rows.Nodes.Length && rows.Nodes[entry] == node)
            {
                var values = rows.Values.AsSpan(entry++ * Width, Width);
                a += new Vector<TValue>(values) * new Vector<TValue>(restartScale);
                b += new Vector<TValue>(values[Vector<TValue>.Count..]) * new Vector<TValue>(restartScale, Vector<TValue>.Count);
            }

            var strength = new Vector<TValue>(TValue.CreateTruncating(matrix.Strength[node]));
            var inverse = Vector<TValue>.One / strength;
            ref var own = ref Unsafe.Add(ref y, node * (nint)Width);
            Update(ref own, a, strength, inverse, ref sums.Change0, ref sums.Mass0);
            Update(ref Unsafe.Add(ref own, Vector<TValue>.Count), b, strength, inverse, ref sums.Change1, ref sums.Mass1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update(ref TValue y, Vector<TValue> updated, Vector<TValue> strength, Vector<TValue> inverse, ref Vector<TValue> change, ref Vector<TValue> mass)
    {
        change += Vector.Abs(updated - Vector.LoadUnsafe(ref y) * strength);
        mass += updated;
        (updated * inverse).StoreUnsafe(ref y);
    }

    private PageRankResult Result(BatchRestart<TValue> rows, int column, int iterations, double[] inner)
    {
        var sum = 0.0;
        foreach (var block in rows.Blocks)
        {
            for (var node = block.Start; node < block.End; node++)
            {
                sum += inner[node] = double.CreateTruncating(_y[node * (long)Width + column]) * matrix.Strength[node] * block.Scale[column];
            }
        }

        return new PageRankResult(matrix.ToOuter(inner, 1 / sum), iterations, _change[column]);
    }

    private struct Sums
    {
        public Vector<TValue> Change0, Change1, Mass0, Mass1;

        public readonly void AddTo(double[] change, double[] mass)
        {
            for (var lane = 0; lane < Vector<TValue>.Count; lane++)
            {
                change[lane] += double.CreateTruncating(Change0[lane]);
                change[lane + Vector<TValue>.Count] += double.CreateTruncating(Change1[lane]);
                mass[lane] += double.CreateTruncating(Mass0[lane]);
                mass[lane + Vector<TValue>.Count] += double.CreateTruncating(Mass1[lane]);
            }
        }
    }
}
