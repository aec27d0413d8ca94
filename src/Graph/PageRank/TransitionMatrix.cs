using System.Globalization;

namespace Agentic.Graph;

/// <summary>An edge between two nodes by number, as <see cref="TransitionMatrix.Build"/> reads it.</summary>
/// <param name="Weight">Finite and not negative; an edge of weight 0 is dropped.</param>
public readonly record struct WeightedEdge(int From, int To, double Weight = 1);

/// <summary>The random walk of a weighted graph, frozen in compressed rows of incoming arcs for <see cref="PersonalizedPageRank"/>.</summary>
/// <remarks>
/// Safe for concurrent use. Parallel edges add up; a self loop of an undirected graph counts once, as one arc.
/// Nodes are renumbered inside: by component where the graph is undirected (a walk never leaves it, so only the components of the restart
/// nodes are swept), and by falling number of outgoing arcs within (the few nodes that most rows read share cache lines).
/// An undirected edge costs 16 bytes where every weight is a float32, otherwise 24.
/// </remarks>
public sealed class TransitionMatrix
{
    // Far enough from the ends of the range for every sum and quotient to stay finite.
    private const double SmallestWeight = 1e-150;
    private const double LargestWeight = 1e150;

    internal TransitionMatrix(int[] inner, int[] blocks, int[] firstArc, int[] sources, float[]? weights32, double[]? weights64, double[] strength, int[] dangling)
    {
        Inner = inner;
        Blocks = blocks;
        FirstArc = firstArc;
        Sources = sources;
        Weights32 = weights32;
        Weights64 = weights64;
        Strength = strength;
        Dangling = dangling;
    }

    /// <summary>Number of nodes, isolated ones included.</summary>
    public int NodeCount => Inner.Length;

    /// <summary>Number of arcs: two an undirected edge, one a directed edge or a self loop.</summary>
    public int ArcCount => Sources.Length;

    /// <summary>Inner number of each node.</summary>
    internal int[] Inner { get; }

    /// <summary>First inner number of each block, and the number of nodes at the end: the components of an undirected graph, the whole of a directed one.</summary>
    internal int[] Blocks { get; }

    /// <summary>Where the incoming arcs of each inner node begin in <see cref="Sources"/>, and their number at the end.</summary>
    internal int[] FirstArc { get; }

    /// <summary>Inner number of the node each arc leaves.</summary>
    internal int[] Sources { get; }

    /// <summary>Weight of each arc, when float32 holds them all exactly.</summary>
    internal float[]? Weights32 { get; }

    /// <summary>Weight of each arc otherwise.</summary>
    internal double[]? Weights64 { get; }

    /// <summary>Weight of all arcs that leave each inner node; 1 for a dangling one, whose walk returns to the restart nodes.</summary>
    internal double[] Strength { get; }

    /// <summary>Inner numbers of the nodes without outgoing arcs, rising.</summary>
    internal int[] Dangling { get; }

    /// <summary>Freezes a graph of the nodes 0 to <paramref name="nodeCount"/> - 1.</summary>
    /// <param name="directed">Whether a walk may use an edge only from its first to its second node.</param>
    /// <exception cref="ArgumentException">An edge names no node of the graph, or its weight is negative, infinite or NaN; the message names the edge.</exception>
    public static TransitionMatrix Build(int nodeCount, ReadOnlySpan<WeightedEdge> edges, bool directed = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodeCount);
        return new TransitionMatrixBuilder(nodeCount, directed).Build(edges);
    }

    /// <summary>The block of an inner node.</summary>
    internal (int Start, int End) BlockOf(int inner)
    {
        var found = Array.BinarySearch(Blocks, inner);
        var number = found >= 0 ? found : ~found - 1;
        return (Blocks[number], Blocks[number + 1]);
    }

    /// <summary>The dangling nodes of a block. A component of an undirected graph has one only if it is an isolated node.</summary>
    internal ReadOnlySpan<int> DanglingOf(int start, int end)
    {
        var first = FirstAtLeast(start);
        return Dangling.AsSpan(first, FirstAtLeast(end) - first);

        int FirstAtLeast(int node)
        {
            var found = Array.BinarySearch(Dangling, node);
            return found >= 0 ? found : ~found;
        }
    }

    /// <summary>Values by inner number, by node and multiplied.</summary>
    internal double[] ToOuter(double[] inner, double factor)
    {
        var outer = new double[inner.Length];
        for (var node = 0; node < outer.Length; node++)
        {
            outer[node] = inner[Inner[node]] * factor;
        }

        return outer;
    }

    /// <summary>Whether an edge is valid and has a weight at all.</summary>
    internal static bool IsArc(in WeightedEdge edge, int nodeCount) =>
        (uint)edge.From < (uint)nodeCount && (uint)edge.To < (uint)nodeCount && edge.Weight is >= SmallestWeight and <= LargestWeight;

    internal static bool IsWeight(double weight) => weight is 0 or (>= SmallestWeight and <= LargestWeight);

    internal static void Check(int number, WeightedEdge edge, int nodeCount)
    {
        if ((uint)edge.From >= (uint)nodeCount || (uint)edge.To >= (uint)nodeCount)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"edge {number} joins {edge.From} and {edge.To}, but the nodes are 0 to {nodeCount - 1}"), nameof(edge));
        }

        if (!IsWeight(edge.Weight))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"edge {number} has the weight {edge.Weight}; a weight is 0 or between {SmallestWeight} and {LargestWeight}"), nameof(edge));
        }
    }
}
