using System.Diagnostics.CodeAnalysis;
using Agentic.Retrieval;
using QuikGraph;

namespace Agentic.Graph;

/// <summary>An edge of <see cref="KnowledgeGraph.Structure"/>: one triplet, from its head to its tail, with its provenance.</summary>
/// <param name="Source">The head.</param>
/// <param name="Target">The tail.</param>
/// <param name="Number">Position in <see cref="KnowledgeGraph.Triplets"/>.</param>
/// <param name="Triplet">The fact with the chunks it was read from.</param>
public sealed record TripletEdge(GraphEntity Source, GraphEntity Target, int Number, Triplet Triplet) : IEdge<GraphEntity>;

/// <summary>The facts of a corpus as a directed multigraph of entities, each edge with the chunks that support it.</summary>
/// <remarks>
/// Frozen and safe for concurrent use. It is a function of the set of chunks: neither their order nor how the set came about shows.
/// Names are one entity when their <see cref="EntityName.Key"/> is equal, and facts are one triplet when heads, relations and tails are.
/// A fact whose head or tail holds no letter or digit names nothing and is left out.
/// </remarks>
public sealed class KnowledgeGraph
{
    private readonly Dictionary<string, GraphEntity> _byKey;
    private readonly Lazy<BidirectionalGraph<GraphEntity, TripletEdge>> _structure;
    private readonly IReadOnlyList<(int Head, int Tail)> _ends;

    internal KnowledgeGraph(IReadOnlyList<GraphEntity> entities, IReadOnlyList<Triplet> triplets, IReadOnlyList<(int Head, int Tail)> ends)
    {
        Entities = entities;
        Triplets = triplets;
        _ends = ends;
        _byKey = entities.ToDictionary(entity => entity.Key, StringComparer.Ordinal);
        _structure = new(BuildStructure);
    }

    /// <summary>Every entity, in ordinal order of <see cref="GraphEntity.Key"/>.</summary>
    public IReadOnlyList<GraphEntity> Entities { get; }

    /// <summary>Every triplet, in ordinal order of the keys of head, relation and tail; each written as most of its chunks write it.</summary>
    public IReadOnlyList<Triplet> Triplets { get; }

    /// <summary>The graph as QuikGraph sees it, for its traversals and algorithms; built when first asked for. Do not change it.</summary>
    public BidirectionalGraph<GraphEntity, TripletEdge> Structure => _structure.Value;

    /// <summary>The graph of the facts of <paramref name="chunks"/>, whose ids must differ.</summary>
    public static KnowledgeGraph Freeze(IReadOnlyList<IndexedChunk> chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        var builder = new KnowledgeGraphBuilder();
        foreach (var indexed in chunks)
        {
            foreach (var fact in indexed.Triplets)
            {
                builder.Add(fact, indexed.Chunk.Id);
            }
        }

        return builder.Build();
    }

    /// <summary>The entity that <paramref name="name"/> names, if a fact of the corpus does.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out GraphEntity? entity) =>
        _byKey.TryGetValue(EntityName.Key(name), out entity);

    /// <summary>The entities at the two ends of a triplet, by its position in <see cref="Triplets"/>.</summary>
    public (GraphEntity Head, GraphEntity Tail) Ends(int triplet) => (Entities[_ends[triplet].Head], Entities[_ends[triplet].Tail]);

    private BidirectionalGraph<GraphEntity, TripletEdge> BuildStructure()
    {
        var graph = new BidirectionalGraph<GraphEntity, TripletEdge>(allowParallelEdges: true, Entities.Count);
        graph.AddVertexRange(Entities);
        for (var number = 0; number < Triplets.Count; number++)
        {
            var (head, tail) = Ends(number);
            graph.AddEdge(new TripletEdge(head, tail, number, Triplets[number]));
        }

        return graph;
    }
}
