namespace Agentic.Retrieval;

/// <summary>Ranks chunks for a query.</summary>
/// <remarks>Safe for concurrent use. Ordered by falling score, ties by ordinal chunk id, no duplicates; fewer than limit is no error.</remarks>
public interface IRetriever
{
    /// <summary>The best <paramref name="limit"/> chunks (at least 1).</summary>
    ValueTask<IReadOnlyList<ScoredChunk>> SearchAsync(string query, int limit, CancellationToken cancellationToken);
}

/// <summary>Options of one kind of retriever; the kind is the type's name without <c>RetrieverOptions</c>, in kebab case.</summary>
public abstract record RetrieverOptions
{
    /// <summary>Builds the retriever over a snapshot of an index.</summary>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public abstract IRetriever Build(ChunkIndex index);
}
