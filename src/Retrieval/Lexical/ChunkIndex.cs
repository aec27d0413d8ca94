namespace Agentic.Retrieval;

/// <summary>A read-only snapshot of an index: the live chunks with their facts, and what can be searched in them.</summary>
/// <remarks>Safe for concurrent use. Later writes to the directory do not show.</remarks>
public sealed class ChunkIndex : IDisposable
{
    private readonly Lazy<CorpusNames> _names;

    private ChunkIndex(IReadOnlyList<IndexedChunk> chunks)
    {
        Chunks = chunks;
        _names = new(() => new CorpusNames(this));
    }

    /// <summary>Every live chunk, in ordinal order of chunk ids, whatever the order in which they were added.</summary>
    public IReadOnlyList<IndexedChunk> Chunks { get; }

    /// <summary>Titles, aliases and phrases of the live chunks, read when first asked for and then shared.</summary>
    internal CorpusNames Names => _names.Value;

    /// <summary>A snapshot of chunks held in memory, as if they had been indexed.</summary>
    public static ChunkIndex Of(IEnumerable<IndexedChunk> chunks) =>
        new([.. chunks.OrderBy(indexed => indexed.Chunk.Id, StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
