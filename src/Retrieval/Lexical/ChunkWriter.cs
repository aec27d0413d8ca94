using System.Collections.Concurrent;
using System.Globalization;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using LuceneDocument = Lucene.Net.Documents.Document;

namespace Agentic.Retrieval;

/// <summary>Fills Lucene documents from chunks. One document with its fields is used again and again, because making them costs more than filling them.</summary>
/// <remarks>For one thread at a time; <see cref="Pool"/> lends one to each.</remarks>
internal sealed class ChunkWriter
{
    // Lengths are exact sums of term frequencies, taken when a snapshot is frozen: norms would only store them a second time.
    private static readonly FieldType Terms = Frozen(new FieldType { IsIndexed = true, IsTokenized = true, OmitNorms = true, IndexOptions = IndexOptions.DOCS_AND_FREQS });

    private readonly LuceneDocument _document = [];
    private readonly Field _documentId = new StringField(LuceneDocuments.DocumentField, "", Field.Store.YES);
    private readonly Field _id = new StoredField("id", "");
    private readonly Field _place = new StoredField("place", "");
    private readonly Field _title = new StoredField("title", "");
    private readonly Field _text = new StoredField("text", "");
    private readonly Field _facts = new StoredField("facts", Array.Empty<byte>());
    private readonly (TermAnalysis Analysis, TermStream Stream)[] _analyses;

    public ChunkWriter()
    {
        foreach (var field in (ReadOnlySpan<Field>)[_documentId, _id, _place, _title, _text, _facts])
        {
            _document.Add(field);
        }

        _analyses = [.. Enum.GetValues<Analyzer>().Select(analyzer => (new TermAnalysis(analyzer), new TermStream()))];
        foreach (var analyzer in Enum.GetValues<Analyzer>())
        {
            _document.Add(new Field(LuceneDocuments.TextField(analyzer), _analyses[(int)analyzer].Stream, Terms));
        }
    }

    /// <summary>The document of a chunk, to be added before the next is filled.</summary>
    public LuceneDocument Fill(IndexedChunk indexed)
    {
        var chunk = indexed.Chunk;
        _documentId.SetStringValue(chunk.DocumentId);
        _id.SetStringValue(chunk.Id);
        _place.SetStringValue(string.Create(CultureInfo.InvariantCulture, $"{chunk.Ordinal} {chunk.Start} {chunk.End}"));
        _title.SetStringValue(chunk.Title);
        _text.SetStringValue(chunk.Text);
        _facts.SetBytesValue(LuceneDocuments.Pack(indexed.Triplets));
        foreach (var (analysis, stream) in _analyses)
        {
            stream.Terms.Clear();
            analysis.Append(chunk.Title, stream.Terms);
            analysis.Append(chunk.Text, stream.Terms);
        }

        return _document;
    }

    private static FieldType Frozen(FieldType type)
    {
        type.Freeze();
        return type;
    }

    /// <summary>Lends writers to as many threads as ask at once.</summary>
    public sealed class Pool
    {
        private readonly ConcurrentBag<ChunkWriter> _free = [];

        public void Use(Action<ChunkWriter> use)
        {
            var writer = _free.TryTake(out var free) ? free : new ChunkWriter();
            use(writer);
            _free.Add(writer);
        }
    }

    private sealed class TermStream : TokenStream
    {
        private readonly ICharTermAttribute _term;
        private int _next;

        public TermStream() => _term = AddAttribute<ICharTermAttribute>();

        public List<string> Terms { get; } = [];

        public override bool IncrementToken()
        {
            if (_next == Terms.Count)
            {
                return false;
            }

            ClearAttributes();
            _term.Append(Terms[_next++]);
            return true;
        }

        public override void Reset() => _next = 0;
    }
}
