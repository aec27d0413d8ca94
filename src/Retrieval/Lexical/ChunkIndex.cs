using Lucene.Net.Index;
using Lucene.Net.Store;

namespace Agentic.Retrieval;

/// <summary>A read-only snapshot of an index: the live chunks with their facts, and what can be searched in them.</summary>
/// <remarks>Safe for concurrent use. Later writes to the directory do not show.</remarks>
public sealed class ChunkIndex : IDisposable
{
    private readonly Lazy<Snapshot> _snapshot;
    private readonly Dictionary<(Analyzer Analyzer, bool Title), Lazy<LexicalField>> _fields = [];
    private readonly Lazy<Dictionary<string, int>> _numbers;
    private readonly Lazy<CorpusNames> _names;

    private ChunkIndex(IReadOnlyList<IndexedChunk> chunks, Func<Snapshot> snapshot)
    {
        Chunks = chunks;
        _snapshot = new Lazy<Snapshot>(snapshot);
        _numbers = new Lazy<Dictionary<string, int>>(() => Numbered(chunks));
        _names = new(() => new CorpusNames(this));
        foreach (var analyzer in Enum.GetValues<Analyzer>())
        {
            _fields.Add((analyzer, false), new Lazy<LexicalField>(() => Frozen(LuceneDocuments.TextField(analyzer))));
            _fields.Add((analyzer, true), new Lazy<LexicalField>(() => LexicalField.OfTitles(analyzer, chunks)));
        }
    }

    /// <summary>Every live chunk, in ordinal order of chunk ids, whatever the order in which they were added.</summary>
    public IReadOnlyList<IndexedChunk> Chunks { get; }

    /// <summary>Opens the last complete state of an index.</summary>
    /// <exception cref="AgenticException">The folder holds no index, an unfinished one, or one of another version.</exception>
    public static ChunkIndex Open(string directory)
    {
        var folder = IndexFolder.Existing(directory);
        var reader = folder.OpenReader();
        try
        {
            var (chunks, chunkOf) = Load(reader);
            return new ChunkIndex(chunks, () => new Snapshot(reader, chunkOf));
        }
        catch (IOException exception)
        {
            reader.Dispose();
            throw folder.Damaged(exception);
        }
    }

    /// <summary>A snapshot of chunks held in memory, as if they had been indexed.</summary>
    /// <exception cref="ArgumentException">Two chunks share an id.</exception>
    public static ChunkIndex Of(IEnumerable<IndexedChunk> chunks)
    {
        IReadOnlyList<IndexedChunk> sorted = [.. chunks.OrderBy(indexed => indexed.Chunk.Id, StringComparer.Ordinal)];
        for (var i = 1; i < sorted.Count; i++)
        {
            if (sorted[i].Chunk.Id == sorted[i - 1].Chunk.Id)
            {
                throw new ArgumentException($"two chunks have the id {sorted[i].Chunk.Id}", nameof(chunks));
            }
        }

        return new ChunkIndex(sorted, () => InMemory(sorted));
    }

    /// <summary>Place of a chunk in <see cref="Chunks"/>; false for an unknown id.</summary>
    public bool TryFind(string chunkId, out int number) => _numbers.Value.TryGetValue(chunkId, out number);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_snapshot.IsValueCreated)
        {
            _snapshot.Value.Reader.Dispose();
        }
    }

    /// <summary>Titles, aliases and phrases of the live chunks, read when first asked for and then shared.</summary>
    internal CorpusNames Names => _names.Value;

    /// <summary>Postings of title and text, or of the title alone; frozen when first asked for.</summary>
    internal LexicalField Field(Analyzer analyzer, bool titleOnly = false) => _fields[(analyzer, titleOnly)].Value;

    private static (IReadOnlyList<IndexedChunk> Chunks, int[] ChunkOf) Load(IndexReader reader)
    {
        var live = MultiFields.GetLiveDocs(reader);
        var (read, places) = (new List<IndexedChunk>(reader.NumDocs), new List<int>(reader.NumDocs));
        for (var i = 0; i < reader.MaxDoc; i++)
        {
            if (live is null || live.Get(i))
            {
                read.Add(LuceneDocuments.Read(reader.Document(i)));
                places.Add(i);
            }
        }

        var ids = read.Select(indexed => indexed.Chunk.Id).ToArray();
        var order = Enumerable.Range(0, read.Count).ToArray();
        Array.Sort(ids, order, StringComparer.Ordinal);
        var chunkOf = Enumerable.Repeat(-1, reader.MaxDoc).ToArray();
        for (var number = 0; number < order.Length; number++)
        {
            chunkOf[places[order[number]]] = number;
        }

        return ([.. order.Select(at => read[at])], chunkOf);
    }

    private static Snapshot InMemory(IReadOnlyList<IndexedChunk> chunks)
    {
        var directory = new RAMDirectory();
        using (var writer = IndexFolder.OpenWriter(directory))
        {
            var documents = new ChunkWriter();
            foreach (var chunk in chunks)
            {
                writer.AddDocument(documents.Fill(chunk));
            }

            writer.Commit();
        }

        var reader = DirectoryReader.Open(directory);
        return new Snapshot(reader, Load(reader).ChunkOf);
    }

    private static Dictionary<string, int> Numbered(IReadOnlyList<IndexedChunk> chunks)
    {
        var numbers = new Dictionary<string, int>(chunks.Count, StringComparer.Ordinal);
        for (var i = 0; i < chunks.Count; i++)
        {
            numbers.Add(chunks[i].Chunk.Id, i);
        }

        return numbers;
    }

    private LexicalField Frozen(string field)
    {
        var snapshot = _snapshot.Value;
        return LexicalField.Freeze(snapshot.Reader, field, snapshot.ChunkOf, Chunks.Count);
    }

    private sealed record Snapshot(IndexReader Reader, int[] ChunkOf);
}
