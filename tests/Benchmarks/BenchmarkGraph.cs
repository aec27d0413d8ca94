using System.Runtime.InteropServices;
using Agentic.Graph;

namespace Agentic.Benchmarks;

/// <summary>A graph file of the peers: int64 nodes, int64 arcs, int64 row starts, int32 columns, float32 weights; every undirected edge as two arcs.</summary>
internal sealed record BenchmarkGraph(int NodeCount, WeightedEdge[] Edges)
{
    public static BenchmarkGraph Read(string path)
    {
        using var file = File.OpenRead(path);
        var sizes = ReadArray<long>(file, 2);
        var starts = ReadArray<long>(file, sizes[0] + 1);
        var columns = ReadArray<int>(file, sizes[1]);
        var weights = ReadArray<float>(file, sizes[1]);
        var edges = new List<WeightedEdge>((int)(sizes[1] / 2));
        for (var row = 0; row < sizes[0]; row++)
        {
            for (var arc = starts[row]; arc < starts[row + 1]; arc++)
            {
                if (row < columns[arc])
                {
                    edges.Add(new WeightedEdge(row, columns[arc], weights[arc]));
                }
            }
        }

        return new BenchmarkGraph((int)sizes[0], [.. edges]);
    }

    /// <summary>Restart vectors of 5 to 20 different nodes alike.</summary>
    public IReadOnlyList<NodeWeight>[] Restarts(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(5, 21)).Select(_ => random.Next(NodeCount)).Distinct().Select(node => new NodeWeight(node, 1)).ToArray())];
    }

    private static T[] ReadArray<T>(Stream stream, long count)
        where T : unmanaged
    {
        var array = new T[count];
        var bytes = MemoryMarshal.AsBytes(array.AsSpan());
        stream.ReadExactly(bytes);
        return array;
    }
}
