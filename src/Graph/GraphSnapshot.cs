using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>The builder of the graph library: everything derived from the live chunks of an index, frozen together.</summary>
/// <remarks>Safe for concurrent use. Depends on the set of live chunks only, so an index that lost a document gives what an index that never had it gives.</remarks>
public sealed class GraphSnapshot
{
    private readonly LexicalRelevance _lexical;

    private GraphSnapshot(ChunkIndex index)
    {
        Index = index;
        Graph = KnowledgeGraph.Freeze(index.Chunks);
        Linker = EntityLinker.Freeze(index, Graph);
        _lexical = LexicalRelevance.Freeze(index);
    }

    /// <summary>The snapshot of the index it was made from.</summary>
    public ChunkIndex Index { get; }

    /// <summary>The facts of the live chunks.</summary>
    public KnowledgeGraph Graph { get; }

    /// <summary>Finds the graph's entities and the titles in a text.</summary>
    public IEntityLinker Linker { get; }

    /// <summary>sim_R fitted to the live chunks.</summary>
    public IRelevance Relevance => _lexical;

    /// <summary>Freezes a snapshot.</summary>
    public static GraphSnapshot Freeze(ChunkIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return new GraphSnapshot(index);
    }

    /// <summary>Builds the retriever of evidence for an agent's steps.</summary>
    /// <param name="options">Numbers and mode.</param>
    /// <param name="chunks">Finds candidate chunks; BM25 when null.</param>
    /// <param name="relevance">Another sim_R, such as a reranker behind an endpoint; null for <see cref="Relevance"/>.</param>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public IEvidenceRetriever Evidence(TeaRagOptions options, RetrieverOptions? chunks = null, IRelevance? relevance = null) =>
        Evidence(options, (chunks ?? new Bm25RetrieverOptions()).Build(Index), relevance);

    /// <summary>Builds the retriever of evidence over any retriever of chunks.</summary>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public IEvidenceRetriever Evidence(TeaRagOptions options, IRetriever chunks, IRelevance? relevance = null) => TeaRag(options, chunks, relevance);

    internal GraphEvidenceRetriever TeaRag(TeaRagOptions options, IRetriever chunks, IRelevance? relevance = null) =>
        new(chunks, Graph, Linker, _lexical, relevance ?? _lexical, OptionsGuard.Checked(options));
}
