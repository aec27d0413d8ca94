using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>The ways from candidates to the few items shown.</summary>
internal static class EvidenceCut
{
    private static readonly string[] KindNames = ["subquery", "chunk", "triplet", "entity"];

    public static KnowledgeAssociationGraph GraphOf(EvidenceRequest request, EvidenceCandidates candidates, TeaRagOptions options) =>
        KnowledgeAssociationGraph.Build(request.Subquery, request.KeyEntities, candidates.Chunks, candidates.Triplets, options.Threshold);

    /// <summary>By mass in the association graph; equals by relevance, then in the order of the candidates.</summary>
    public static EvidenceResult ByMass(EvidenceRequest request, EvidenceCandidates candidates, TeaRagOptions options)
    {
        var graph = GraphOf(request, candidates, options);
        var (masses, iterations, _) = graph.Rank(options.Alpha, options.Iterations);
        var items = candidates.All;
        var chosen = Enumerable.Range(0, items.Count)
            .OrderByDescending(i => masses[KnowledgeAssociationGraph.FirstChunk + i])
            .ThenByDescending(i => items[i].Score)
            .Take(options.Items)
            .ToArray();
        var selected = chosen.Select(i => KnowledgeAssociationGraph.FirstChunk + i).ToHashSet();
        var trace = new EvidenceTrace(
            [.. graph.Nodes.Select((node, i) => new TraceNode(KindNames[(int)node.Kind], node.Label, masses[i], selected.Contains(i)))],
            [.. graph.Edges.Select(edge => new TraceEdge(edge.From, edge.To, edge.Weight))],
            iterations);
        return new EvidenceResult([.. chosen.Select(i => items[i] with { Score = masses[KnowledgeAssociationGraph.FirstChunk + i] })], trace);
    }

    /// <summary>By relevance alone, chunks before triplets of the same relevance.</summary>
    public static EvidenceResult ByRelevance(EvidenceCandidates candidates, TeaRagOptions options) =>
        new([.. candidates.All.OrderByDescending(item => item.Score).Take(options.Items)]);

    /// <summary>A draw without replacement that depends on the options' seed and the subquery only.</summary>
    public static EvidenceResult ByDraw(EvidenceRequest request, EvidenceCandidates candidates, TeaRagOptions options)
    {
        var items = candidates.All.ToArray();
        new Seed(options.Seed).Derive(request.Subquery).ToRandom().Shuffle(items);
        return new EvidenceResult([.. items.Take(options.Items)]);
    }
}
