using System.Numerics;

namespace Agentic.Graph;

/// <summary>Several restart vectors side by side, and the blocks that any of them touches.</summary>
/// <param name="Nodes">Inner numbers of the nodes that are in any of them, rising.</param>
/// <param name="Values">The weights of each of the nodes, column by column.</param>
internal sealed record BatchRestart<TValue>(int[] Nodes, TValue[] Values, IReadOnlyList<BatchBlock> Blocks)
    where TValue : unmanaged, INumberBase<TValue>
{
    public static BatchRestart<TValue> Of(IReadOnlyList<RestartVector> restarts, TransitionMatrix matrix, int width)
    {
        var nodes = NodesOf(restarts);
        var values = new TValue[nodes.Length * width];
        var blocks = new List<BatchBlock>();
        var blockOf = new BatchBlock[nodes.Length];
        for (var entry = 0; entry < nodes.Length; entry++)
        {
            if (blocks.Count == 0 || nodes[entry] >= blocks[^1].End)
            {
                var (start, end) = matrix.BlockOf(nodes[entry]);
                blocks.Add(new BatchBlock(start, end, entry, new double[width], new double[width]));
                Array.Fill(blocks[^1].Scale, 1);
            }

            blockOf[entry] = blocks[^1];
        }

        for (var column = 0; column < restarts.Count; column++)
        {
            var restart = restarts[column];
            for (var own = 0; own < restart.Nodes.Length; own++)
            {
                var entry = Array.BinarySearch(nodes, restart.Nodes[own]);
                values[entry * width + column] = TValue.CreateTruncating(restart.Weights[own]);
                blockOf[entry].RestartMass[column] += restart.Weights[own];
            }
        }

        return new BatchRestart<TValue>(nodes, values, blocks);
    }

    private static int[] NodesOf(IReadOnlyList<RestartVector> restarts)
    {
        var nodes = restarts.SelectMany(restart => restart.Nodes).ToArray();
        Array.Sort(nodes);
        var count = 0;
        foreach (var node in nodes)
        {
            if (count == 0 || nodes[count - 1] != node)
            {
                nodes[count++] = node;
            }
        }

        return nodes[..count];
    }
}

/// <summary>A block of the matrix with what each column restarts in it and the factor that its y still lacks.</summary>
internal sealed record BatchBlock(int Start, int End, int FirstEntry, double[] RestartMass, double[] Scale);
