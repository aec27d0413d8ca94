namespace Agentic.Graph;

/// <summary>Freezes an edge list into a <see cref="TransitionMatrix"/> in a few passes of counting sorts.</summary>
internal sealed class TransitionMatrixBuilder(int nodeCount, bool directed)
{
    private const double SmallestExact32 = 1e-15;
    private const double LargestExact32 = 1e15;

    private readonly int[] _outgoing = new int[nodeCount];
    private readonly int[] _incoming = directed ? new int[nodeCount] : [];
    private readonly int[] _parent = new int[directed ? 0 : nodeCount];
    private bool _exact32 = true;

    public TransitionMatrix Build(ReadOnlySpan<WeightedEdge> edges)
    {
        for (var node = 0; node < _parent.Length; node++)
        {
            _parent[node] = node;
        }

        Count(edges);
        var (inner, blocks) = Renumber();
        var firstArc = FirstArcs(inner);
        return Fill(edges, inner, blocks, firstArc);
    }

    private void Count(ReadOnlySpan<WeightedEdge> edges)
    {
        for (var number = 0; number < edges.Length; number++)
        {
            var (from, to, weight) = edges[number];
            if (!TransitionMatrix.IsArc(edges[number], nodeCount))
            {
                TransitionMatrix.Check(number, edges[number], nodeCount);
                continue;
            }

            _exact32 &= weight is >= SmallestExact32 and <= LargestExact32 && (float)weight == weight;
            _outgoing[from]++;
            if (directed)
            {
                _incoming[to]++;
            }
            else if (from != to)
            {
                _outgoing[to]++;
                Unite(from, to);
            }
        }
    }

    /// <summary>Inner numbers by block (blocks by their lowest node) and, within, by falling number of outgoing arcs, ties by node.</summary>
    private (int[] Inner, int[] Blocks) Renumber()
    {
        var byArcs = SortByArcs();
        if (directed)
        {
            return (Invert(byArcs), nodeCount == 0 ? [0] : [0, nodeCount]);
        }

        var blockOf = new int[nodeCount];
        var count = 0;
        for (var node = 0; node < nodeCount; node++)
        {
            var root = Root(node);
            blockOf[node] = root == node ? count++ : blockOf[root];      // a root is the lowest node of its component
        }

        var blocks = Starts(blockOf, count);
        var inner = new int[nodeCount];
        var next = blocks.AsSpan(0, count).ToArray();
        foreach (var node in byArcs)
        {
            inner[node] = next[blockOf[node]]++;
        }

        return (inner, blocks);
    }

    private int[] SortByArcs()
    {
        var most = 0;
        foreach (var arcs in _outgoing)
        {
            most = Math.Max(most, arcs);
        }

        var falling = new int[nodeCount];
        for (var node = 0; node < nodeCount; node++)
        {
            falling[node] = most - _outgoing[node];
        }

        var next = Starts(falling, most + 1);
        var order = new int[nodeCount];
        for (var node = 0; node < nodeCount; node++)
        {
            order[next[falling[node]]++] = node;
        }

        return order;
    }

    /// <summary>Where each of the values 0 to <paramref name="count"/> - 1 begins when the keys are sorted, and their number at the end.</summary>
    private static int[] Starts(int[] keys, int count)
    {
        var starts = new int[count + 1];
        foreach (var key in keys)
        {
            starts[key + 1]++;
        }

        for (var value = 0; value < count; value++)
        {
            starts[value + 1] += starts[value];
        }

        return starts;
    }

    private static int[] Invert(int[] order)
    {
        var inner = new int[order.Length];
        for (var place = 0; place < order.Length; place++)
        {
            inner[order[place]] = place;
        }

        return inner;
    }

    private void Unite(int a, int b)
    {
        if (_parent[a] == _parent[b])
        {
            return;
        }

        var (first, second) = (Root(a), Root(b));
        if (first != second)
        {
            _parent[Math.Max(first, second)] = Math.Min(first, second);
        }
    }

    private int Root(int node)
    {
        while (_parent[node] != node)
        {
            node = _parent[node] = _parent[_parent[node]];
        }

        return node;
    }

    private int[] FirstArcs(int[] inner)
    {
        var firstArc = new int[nodeCount + 1];
        var counts = directed ? _incoming : _outgoing;
        for (var node = 0; node < nodeCount; node++)
        {
            firstArc[inner[node] + 1] = counts[node];
        }

        for (var node = 0; node < nodeCount; node++)
        {
            firstArc[node + 1] = checked(firstArc[node + 1] + firstArc[node]);
        }

        return firstArc;
    }

    private TransitionMatrix Fill(ReadOnlySpan<WeightedEdge> edges, int[] inner, int[] blocks, int[] firstArc)
    {
        var sources = new int[firstArc[^1]];
        var weights32 = _exact32 ? new float[sources.Length] : null;
        var weights64 = _exact32 ? null : new double[sources.Length];
        var strength = new double[nodeCount];
        var dangling = new List<int>();
        var next = firstArc.AsSpan(0, nodeCount).ToArray();
        foreach (ref readonly var edge in edges)
        {
            var (from, to) = (inner[edge.From], inner[edge.To]);
            if (edge.Weight > 0)
            {
                Add(from, to, edge.Weight);
            }

            if (edge.Weight > 0 && !directed && from != to)
            {
                Add(to, from, edge.Weight);
            }
        }

        for (var node = 0; node < nodeCount; node++)
        {
            if (strength[node] == 0)
            {
                strength[node] = 1;
                dangling.Add(node);
            }
        }

        return new TransitionMatrix(inner, blocks, firstArc, sources, weights32, weights64, strength, [.. dangling]);

        void Add(int from, int to, double weight)
        {
            var arc = next[to]++;
            sources[arc] = from;
            strength[from] += weight;
            if (weights32 is not null)
            {
                weights32[arc] = (float)weight;
            }
            else
            {
                weights64![arc] = weight;
            }
        }
    }
}
