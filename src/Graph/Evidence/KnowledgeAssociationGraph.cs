// Legend: W = weighted adjacency, columns divided by their sums; p = restart distribution; pi = masses (TeaRAG, arXiv 2511.05385, sections 4.2.4 and 4.2.5).
using System.Runtime.InteropServices;
using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>What a node of the association graph stands for.</summary>
internal enum AssociationKind
{
    Subquery,
    Chunk,
    Triplet,
    Entity,
}

/// <summary>A node of the association graph.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Label">Subquery, chunk id, triplet text or entity name.</param>
/// <param name="Restart">Weight in the restart vector before it is normalised.</param>
internal readonly record struct AssociationNode(AssociationKind Kind, string Label, double Restart);

/// <summary>The small graph made for one subquery: semantic edges to the subquery, co-occurrence edges among chunks, triplets and entities.</summary>
/// <remarks>
/// Edges are a set: a pair joined for two reasons (two triplets with the same ends; a title that is also a head) is one edge of weight 1.
/// Entities are one node when their <see cref="EntityName.Key"/> is equal. Edges without weight and self-loops are left out.
/// </remarks>
internal sealed class KnowledgeAssociationGraph
{
    /// <summary>Position of the first chunk; the triplets follow the chunks.</summary>
    public const int FirstChunk = 1;

    private const double KeyEntityRestart = 0.5;
    private const double Converged = 1e-12;

    private readonly List<AssociationNode> _nodes = [];
    private readonly List<WeightedEdge> _edges = [];
    private readonly HashSet<(int From, int To)> _joined = [];
    private readonly Dictionary<string, int> _entities = new(StringComparer.Ordinal);

    private KnowledgeAssociationGraph()
    {
    }

    /// <summary>Subquery first, then chunks, triplets and key entities in the order given, then the other entities as they were met.</summary>
    public IReadOnlyList<AssociationNode> Nodes => _nodes;

    /// <summary>Undirected, the smaller node first, in the order in which they arose.</summary>
    public IReadOnlyList<WeightedEdge> Edges => _edges;

    /// <summary>Builds the graph.</summary>
    /// <param name="subquery">The query node's label.</param>
    /// <param name="keyEntities">Names the policy gave; repeated ones count once.</param>
    /// <param name="chunks">Kept chunks with their relevance in [0, 1].</param>
    /// <param name="triplets">Kept triplets with their relevance in [0, 1].</param>
    /// <param name="threshold">tau: what is taken off a triplet's relevance.</param>
    public static KnowledgeAssociationGraph Build(
        string subquery,
        IReadOnlyList<string> keyEntities,
        IReadOnlyList<(Chunk Chunk, double Relevance)> chunks,
        IReadOnlyList<(Triplet Triplet, double Relevance)> triplets,
        double threshold)
    {
        var graph = new KnowledgeAssociationGraph();
        graph._nodes.Add(new AssociationNode(AssociationKind.Subquery, subquery, 1));
        graph._nodes.AddRange(chunks.Select(item => new AssociationNode(AssociationKind.Chunk, item.Chunk.Id, 0)));
        graph._nodes.AddRange(triplets.Select(item => new AssociationNode(AssociationKind.Triplet, item.Triplet.Text, 0)));
        foreach (var name in keyEntities)
        {
            graph.Entity(name, KeyEntityRestart);
        }

        for (var i = 0; i < chunks.Count; i++)
        {
            graph.Join(0, FirstChunk + i, chunks[i].Relevance);
            graph.Join(FirstChunk + i, graph.Entity(chunks[i].Chunk.Title, 0), 1);
        }

        for (var i = 0; i < triplets.Count; i++)
        {
            graph.AddTriplet(FirstChunk + chunks.Count + i, triplets[i].Triplet, chunks);
            graph.Join(0, FirstChunk + chunks.Count + i, Math.Max(triplets[i].Relevance - threshold, 0));
        }

        return graph;
    }

    /// <summary>Solves pi = alpha W pi + (1 - alpha) p to an L1 change under 1e-12; the mass of nodes without edges goes back to p.</summary>
    /// <param name="alpha">Share of mass that walks on.</param>
    /// <param name="iterations">Most sweeps; when they do not suffice the last one's masses are returned.</param>
    public PageRankResult Rank(double alpha, int iterations)
    {
        var matrix = TransitionMatrix.Build(_nodes.Count, CollectionsMarshal.AsSpan(_edges));
        var restart = _nodes.Index().Where(node => node.Item.Restart > 0).Select(node => new NodeWeight(node.Index, node.Item.Restart)).ToArray();
        var options = new PageRankOptions { Damping = alpha, Tolerance = Converged };
        var result = new PersonalizedPageRank(matrix, options).Solve(restart);
        return result.Iterations <= iterations ? result : new PersonalizedPageRank(matrix, options with { Iterations = iterations }).Solve(restart);
    }

    private void AddTriplet(int node, Triplet triplet, IReadOnlyList<(Chunk Chunk, double Relevance)> chunks)
    {
        var head = Entity(triplet.Head, 0);
        var tail = Entity(triplet.Tail, 0);
        Join(head, tail, 1);
        Join(node, head, 1);
        Join(node, tail, 1);
        for (var i = 0; i < chunks.Count; i++)
        {
            if (triplet.SupportingChunkIds.Contains(chunks[i].Chunk.Id, StringComparer.Ordinal))
            {
                Join(FirstChunk + i, node, 1);
                Join(FirstChunk + i, head, 1);
                Join(FirstChunk + i, tail, 1);
            }
        }
    }

    /// <summary>The node of an entity, or -1 for a name without letters and digits.</summary>
    private int Entity(string name, double restart)
    {
        var key = EntityName.Key(name);
        if (key.Length == 0)
        {
            return -1;
        }

        if (!_entities.TryGetValue(key, out var node))
        {
            node = _nodes.Count;
            _entities.Add(key, node);
            _nodes.Add(new AssociationNode(AssociationKind.Entity, name, restart));
        }

        return node;
    }

    private void Join(int a, int b, double weight)
    {
        var (from, to) = (Math.Min(a, b), Math.Max(a, b));
        if (from >= 0 && from != to && weight > 0 && _joined.Add((from, to)))
        {
            _edges.Add(new WeightedEdge(from, to, weight));
        }
    }
}
