using System.Globalization;
using System.Text;
using Lucene.Net.Index;
using Lucene.Net.Util;
using LuceneDocument = Lucene.Net.Documents.Document;

namespace Agentic.Retrieval;

/// <summary>How a chunk and its facts lie in Lucene: one Lucene document a chunk, so that both are written and deleted together.</summary>
internal static class LuceneDocuments
{
    /// <summary>Indexed as one term: what an update or a deletion names.</summary>
    public const string DocumentField = "document";

    /// <summary>Field of title and text in one analysis.</summary>
    public static string TextField(Analyzer analyzer) => analyzer == Analyzer.Plain ? "plain" : "english";

    public static Term OfDocument(string documentId) => new(DocumentField, documentId);

    public static IndexedChunk Read(LuceneDocument document)
    {
        var place = document.Get("place", CultureInfo.InvariantCulture).Split(' ');
        var (ordinal, start, end) = (Number(place[0]), Number(place[1]), Number(place[2]));
        var chunk = new Chunk(document.Get("id"), document.Get(DocumentField), ordinal, document.Get("title"), document.Get("text"), start, end);
        return new IndexedChunk(chunk, Unpack(document.GetBinaryValue("facts")));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    public static byte[] Pack(IReadOnlyList<Fact> facts)
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
}
