using Agentic.Retrieval;
using QuikGraph.Algorithms;

namespace Agentic.Graph;

/// <summary>The size and shape of a knowledge graph.</summary>
/// <param name="Entities">Nodes.</param>
/// <param name="Triplets">Edges: facts after merging equal ones.</param>
/// <param name="Relations">Different relations, compared by <see cref="EntityName.Key"/>.</param>
/// <param name="Components">Parts without an edge between them, directions ignored.</param>
/// <param name="LargestComponent">Entities in the largest of them; 0 in an empty graph.</param>
/// <param name="MeanDegree">Mean number of triplets at an entity (one from an entity to itself counts once); 0 in an empty graph.</param>
/// <param name="LargestDegree">Triplets at the best connected entity.</param>
/// <param name="Hubs">The best connected entities, at most ten, with their triplets; ties by key.</param>
/// <param name="Support">Mean number of chunks that support a triplet; 0 in an empty graph.</param>
public sealed record GraphStatistics(
    int Entities, int Triplets, int Relations, int Components, int LargestComponent, double MeanDegree, int LargestDegree, IReadOnlyList<EntityDegree> Hubs, double Support)
{
    private const int MostHubs = 10;

    /// <summary>Counts everything; linear in the size of the graph.</summary>
    public static GraphStatistics Of(KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var components = new Dictionary<GraphEntity, int>(graph.Entities.Count);
        var count = graph.Structure.WeaklyConnectedComponents(components);
        var hubs = graph.Entities.OrderByDescending(entity => entity.Triplets.Count).ThenBy(entity => entity.Number).Take(MostHubs)
            .Select(entity => new EntityDegree(entity.Name, entity.Triplets.Count)).ToArray();
        return new GraphStatistics(
            graph.Entities.Count,
            graph.Triplets.Count,
            graph.Triplets.Select(triplet => EntityName.Key(triplet.Relation)).Distinct(StringComparer.Ordinal).Count(),
            count,
            components.Values.CountBy(component => component).Select(pair => pair.Value).DefaultIfEmpty().Max(),
            graph.Entities.Select(entity => (double)entity.Triplets.Count).DefaultIfEmpty().Average(),
            hubs.Length > 0 ? hubs[0].Triplets : 0,
            hubs,
            graph.Triplets.Select(triplet => (double)triplet.SupportingChunkIds.Count).DefaultIfEmpty().Average());
    }
}

/// <summary>An entity with the number of its triplets.</summary>
public sealed record EntityDegree(string Name, int Triplets);
