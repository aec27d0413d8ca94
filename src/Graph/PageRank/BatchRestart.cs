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
        var nodes = restarts.SelectMany(restart => restart.Nodes).Distinct().Order().ToArray();
        var values = new TValue[nodes.Length * width];
        var blocks = new List<BatchBlock>();
        var places = new Dictionary<int, (int Entry, BatchBlock Block)>(nodes.Length);
        for (var entry = 0; entry < nodes.Length; entry++)
        {
            if (blocks.Count == 0 || nodes[entry] >= blocks[^1].End)
            {
                var (start, end) = matrix.BlockOf(nodes[entry]);
                blocks.Add(new BatchBlock(start, end, entry, new double[width], [.. Enumerable.Repeat(1.0, width)]));
            }

            places.Add(nodes[entry], (entry, blocks[^1]));
        }

        for (var column = 0; column < restarts.Count; column++)
        {
            foreach (var (node, weight) in restarts[column].Nodes.Zip(restarts[column].Weights))
            {
                var (entry, block) = places[node];
                values[entry * width + column] = TValue.CreateTruncating(weight);
                block.RestartMass[column] += weight;
            }
        }

        return new BatchRestart<TValue>(nodes, values, blocks);
    }
}

/// <summary>A block of the matrix with what each column restarts in it and the factor that its y still lacks.</summary>
internal sealed record BatchBlock(int Start, int End, int FirstEntry, double[] RestartMass, double[] Scale);
