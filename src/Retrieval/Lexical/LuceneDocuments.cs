using System.Globalization;
using System.Text;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;
using LuceneDocument = Lucene.Net.Documents.Document;

namespace Agentic.Retrieval;

/// <summary>How a chunk and its facts lie in Lucene: one Lucene document a chunk, so that both are written and deleted together.</summary>
internal static class LuceneDocuments
{
    /// <summary>Indexed as one term: what an update or a deletion names.</summary>
    public const string DocumentField = "document";

    // Lengths are exact sums of term frequencies, taken when a snapshot is frozen: norms would only store them a second time, rounded.
    private static readonly FieldType Terms = Frozen(new FieldType { IsIndexed = true, IsTokenized = true, OmitNorms = true, IndexOptions = IndexOptions.DOCS_AND_FREQS });

    /// <summary>Field of title and text in one analysis.</summary>
    public static string TextField(Analyzer analyzer) => analyzer == Analyzer.Plain ? "plain" : "english";

    /// <summary>Field of the title alone.</summary>
    public static string TitleField(Analyzer analyzer) => analyzer == Analyzer.Plain ? "plain_title" : "english_title";

    public static Term OfDocument(string documentId) => new(DocumentField, documentId);

    public static LuceneDocument Write(IndexedChunk indexed)
    {
        var chunk = indexed.Chunk;
        var document = new LuceneDocument
        {
            new StringField(DocumentField, chunk.DocumentId, Field.Store.YES),
            new StoredField("id", chunk.Id),
            new StoredField("place", string.Create(CultureInfo.InvariantCulture, $"{chunk.Ordinal} {chunk.Start} {chunk.End}")),
            new StoredField("title", chunk.Title),
            new StoredField("text", chunk.Text),
            new StoredField("facts", Pack(indexed.Triplets)),
        };
        foreach (var analyzer in (ReadOnlySpan<Analyzer>)[Analyzer.Plain, Analyzer.English])
        {
            var terms = TermAnalysis.Terms(analyzer, chunk.Title);
            document.Add(new Field(TitleField(analyzer), new TermStream([.. terms]), Terms));
            TermAnalysis.Append(analyzer, chunk.Text, terms);
            document.Add(new Field(TextField(analyzer), new TermStream(terms), Terms));
        }

        return document;
    }

    public static IndexedChunk Read(LuceneDocument document)
    {
        var place = document.Get("place", CultureInfo.InvariantCulture).Split(' ');
        var (ordinal, start, end) = (Number(place[0]), Number(place[1]), Number(place[2]));
        var chunk = new Chunk(document.Get("id"), document.Get(DocumentField), ordinal, document.Get("title"), document.Get("text"), start, end);
        return new IndexedChunk(chunk, Unpack(document.GetBinaryValue("facts")));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static byte[] Pack(IReadOnlyList<Fact> facts)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write7BitEncodedInt(facts.Count);
        foreach (var fact in facts)
        {
            writer.Write(fact.Head);
            writer.Write(fact.Relation);
            writer.Write(fact.Tail);
        }

        return bytes.ToArray();
    }

    private static Fact[] Unpack(BytesRef packed)
    {
        using var reader = new BinaryReader(new MemoryStream(packed.Bytes, packed.Offset, packed.Length), Encoding.UTF8);
        var facts = new Fact[reader.Read7BitEncodedInt()];
        for (var i = 0; i < facts.Length; i++)
        {
            facts[i] = new Fact(reader.ReadString(), reader.ReadString(), reader.ReadString());
        }

        return facts;
    }

    private static FieldType Frozen(FieldType type)
    {
        type.Freeze();
        return type;
    }

    private sealed class TermStream : TokenStream
    {
        private readonly IReadOnlyList<string> _terms;
        private readonly ICharTermAttribute _term;
        private int _next;

        public TermStream(IReadOnlyList<string> terms)
        {
            _terms = terms;
            _term = AddAttribute<ICharTermAttribute>();
        }

        public override bool IncrementToken()
        {
            if (_next == _terms.Count)
            {
                return false;
            }

            ClearAttributes();
            _term.Append(_terms[_next++]);
            return true;
        }

        public override void Reset() => _next = 0;
    }
}
