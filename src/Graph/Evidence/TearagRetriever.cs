using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>TeaRAG's evidence as a ranking of chunks, for a query without an agent: its key entities are those the query names.</summary>
public sealed record TearagRetrieverOptions : RetrieverOptions
{
    /// <summary>Numbers of the association graph; its mode and number of items do not matter here.</summary>
    public TeaRagOptions Evidence { get; init; } = new();

    /// <summary>Finds candidate chunks, and the chunks after those of the association graph.</summary>
    public Bm25RetrieverOptions Chunks { get; init; } = new();

    /// <inheritdoc/>
    public override IRetriever Build(ChunkIndex index) => Build(GraphSnapshot.Freeze(index));

    /// <summary>Builds the retriever over a snapshot that is there already, which takes no time.</summary>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public IRetriever Build(GraphSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var chunks = Chunks.Build(snapshot.Index);
        return new TearagRetriever(snapshot.TeaRag(Evidence with { Mode = EvidenceMode.Kag }, chunks), snapshot, chunks, Evidence);
    }
}

/// <summary>A chunk's score is the mass of its node or of the best triplet it supports; the candidates without mass follow in their order.</summary>
internal sealed class TearagRetriever(GraphEvidenceRetriever evidence, GraphSnapshot snapshot, IRetriever chunks, TeaRagOptions options) : IRetriever
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ScoredChunk>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var keyEntities = snapshot.Linker.Link(query, options.KeptEntities).Select(entity => entity.Name).ToArray();
        var request = new EvidenceRequest(query, keyEntities);
        var candidates = await evidence.CandidatesAsync(request, cancellationToken).ConfigureAwait(false);
        var graph = EvidenceCut.GraphOf(request, candidates, options);
        var ranked = Ranked(candidates, graph.Rank(options.Alpha, options.Iterations).Scores.AsSpan(KnowledgeAssociationGraph.FirstChunk));
        var rest = await chunks.SearchAsync(query, limit, cancellationToken).ConfigureAwait(false);
        ranked.AddRange(rest.Where(item => !ranked.Exists(known => known.Chunk.Id == item.Chunk.Id)).Select((item, rank) => item with { Score = -1 - rank }).ToArray());
        return ranked.Count > limit ? ranked[..limit] : ranked;
    }

    private List<ScoredChunk> Ranked(EvidenceCandidates candidates, ReadOnlySpan<double> masses)
    {
        var best = new Dictionary<string, ScoredChunk>(StringComparer.Ordinal);
        for (var i = 0; i < candidates.Chunks.Count; i++)
        {
            best[candidates.Chunks[i].Chunk.Id] = new ScoredChunk(candidates.Chunks[i].Chunk, masses[i]);
        }

        for (var i = 0; i < candidates.Triplets.Count; i++)
        {
            var (triplet, mass) = (candidates.Triplets[i].Triplet, masses[candidates.Chunks.Count + i]);
            foreach (var id in triplet.SupportingChunkIds)
            {
                if ((!best.TryGetValue(id, out var known) || known.Score < mass) && snapshot.Index.TryFind(id, out var number))
                {
                    best[id] = new ScoredChunk(snapshot.Index.Chunks[number].Chunk, mass, [new PathHop(triplet.Head, triplet.Text, id, mass)]);
                }
            }
        }

        return [.. best.Values.OrderByDescending(item => item.Score).ThenBy(item => item.Chunk.Id, StringComparer.Ordinal)];
    }
}
