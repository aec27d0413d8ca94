using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Agentic.Graph;

/// <summary>Solves one restart vector by Gauss-Seidel sweeps over the blocks it touches.</summary>
/// <remarks>
/// The unknown is z = (1 - d) (I - d P)^-1 p, without the return of dangling mass, which only scales it: pi = z / |z|.
/// It is kept as y = z / strength, so that a row is a plain sum of weight times y. Summing the equations of a block gives what z must obey,
/// |z| + d / (1 - d) (mass of its dangling nodes) = restart mass of the block; <see cref="Block.Scale"/> keeps it true after every sweep.
/// </remarks>
internal sealed class GaussSeidelSolver(TransitionMatrix matrix, PageRankOptions options)
{
    private readonly double _damping = options.Damping;

    public PageRankResult Solve(RestartVector restart)
    {
        var blocks = BlocksOf(restart);
        var y = new double[matrix.NodeCount];
        for (var entry = 0; entry < restart.Nodes.Length; entry++)
        {
            y[restart.Nodes[entry]] = restart.Weights[entry] / matrix.Strength[restart.Nodes[entry]];
        }

        var iterations = 0;
        var change = double.PositiveInfinity;
        while (iterations < options.MaxIterations && (options.Iterations is not null || change >= options.Tolerance))
        {
            change = Sweep(y, restart, blocks);
            iterations++;
        }

        return new PageRankResult(Scores(y, blocks), iterations, change);
    }

    private List<Block> BlocksOf(RestartVector restart)
    {
        var blocks = new List<Block>();
        for (var entry = 0; entry < restart.Nodes.Length; entry++)
        {
            if (blocks.Count > 0 && restart.Nodes[entry] < blocks[^1].End)
            {
                blocks[^1].LastEntry = entry + 1;
                blocks[^1].RestartMass += restart.Weights[entry];
                continue;
            }

            var (start, end) = matrix.BlockOf(restart.Nodes[entry]);
            blocks.Add(new Block(start, end, entry) { RestartMass = restart.Weights[entry] });
        }

        return blocks;
    }

    private double Sweep(double[] y, RestartVector restart, List<Block> blocks)
    {
        var change = 0.0;
        foreach (var block in blocks)
        {
            var (changed, mass) = matrix.Weights32 is { } weights32
                ? SweepRows(y, weights32, restart, block)
                : SweepRows(y, matrix.Weights64!, restart, block);
            var known = mass + _damping / (1 - _damping) * DanglingMass(y, block);
            var scale = block.RestartMass / known;
            change += changed * block.Scale + Math.Abs(scale - block.Scale) * mass;
            block.Scale = scale;
        }

        return change;
    }

    private double DanglingMass(double[] y, Block block)
    {
        var mass = 0.0;
        foreach (var node in matrix.DanglingOf(block.Start, block.End))
        {
            mass += y[node];
        }

        return mass;
    }

    /// <summary>One sweep over the rows of a block, in the scale of its y.</summary>
    private (double Change, double Mass) SweepRows<TWeight>(double[] y, TWeight[] weights, RestartVector restart, Block block)
        where TWeight : unmanaged, INumberBase<TWeight>
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(matrix.FirstArc);
        ref var source = ref MemoryMarshal.GetArrayDataReference(matrix.Sources);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
        ref var score = ref MemoryMarshal.GetArrayDataReference(y);
        ref var strength = ref MemoryMarshal.GetArrayDataReference(matrix.Strength);
        var (change, mass) = (0.0, 0.0);
        var entry = block.FirstEntry;
        var restartNode = restart.Nodes[entry];
        var restartScale = (1 - _damping) / block.Scale;
        var arc = (nint)Unsafe.Add(ref first, block.Start);
        for (var node = (nint)block.Start; node < block.End; node++)
        {
            var end = (nint)Unsafe.Add(ref first, node + 1);
            var (even, odd) = (0.0, 0.0);
            for (; arc + 1 < end; arc += 2)
            {
                even += double.CreateTruncating(Unsafe.Add(ref weight, arc)) * Unsafe.Add(ref score, Unsafe.Add(ref source, arc));
                odd += double.CreateTruncating(Unsafe.Add(ref weight, arc + 1)) * Unsafe.Add(ref score, Unsafe.Add(ref source, arc + 1));
            }

            if (arc < end)
            {
                even += double.CreateTruncating(Unsafe.Add(ref weight, arc)) * Unsafe.Add(ref score, Unsafe.Add(ref source, arc));
                arc++;
            }

            var updated = _damping * (even + odd);
            if (node == restartNode)
            {
                updated += restartScale * restart.Weights[entry++];
                restartNode = entry < block.LastEntry ? restart.Nodes[entry] : -1;
            }

            var out_ = Unsafe.Add(ref strength, node);
            change += Math.Abs(updated - Unsafe.Add(ref score, node) * out_);
            mass += updated;
            Unsafe.Add(ref score, node) = updated / out_;
        }

        return (change, mass);
    }

    private double[] Scores(double[] y, List<Block> blocks)
    {
        var inner = new double[y.Length];
        var sum = 0.0;
        foreach (var block in blocks)
        {
            for (var node = block.Start; node < block.End; node++)
            {
                sum += inner[node] = y[node] * matrix.Strength[node] * block.Scale;
            }
        }

        return matrix.ToOuter(inner, 1 / sum);
    }

    private sealed class Block(int start, int end, int firstEntry)
    {
        public int Start { get; } = start;

        public int End { get; } = end;

        public int FirstEntry { get; } = firstEntry;

        public int LastEntry { get; set; } = firstEntry + 1;

        public double RestartMass { get; set; }

        public double Scale { get; set; } = 1;
    }
}
