using System.Globalization;
using System.Text;
using System.Xml;
using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>Writes a knowledge graph as GraphML, which Gephi, yEd, Cytoscape, igraph and networkx read.</summary>
/// <remarks>
/// Nodes carry name, key and chunks; edges carry relation, head and tail as written, chunks and, as their weight, the number of chunks.
/// Chunks are the ids that support it, separated by line feeds. Characters that XML cannot hold become U+FFFD.
/// </remarks>
public static class GraphMl
{
    private const string Namespace = "http://graphml.graphdrawing.org/xmlns";
    private static readonly string[] NodeFields = ["name", "key", "chunks"];
    private static readonly string[] EdgeFields = ["relation", "head", "tail", "support"];

    /// <summary>Writes the whole graph; the stream stays open.</summary>
    public static async Task WriteAsync(KnowledgeGraph graph, Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var settings = new XmlWriterSettings { Async = true, Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.Entitize, Encoding = new UTF8Encoding(false) };
        var writer = XmlWriter.Create(stream, settings);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartElement("graphml", Namespace);
            WriteKeys(writer);
            writer.WriteStartElement("graph", Namespace);
            writer.WriteAttributeString("edgedefault", "directed");
            foreach (var entity in graph.Entities)
            {
                cancellationToken.ThrowIfCancellationRequested();
                WriteNode(writer, entity);
            }

            for (var number = 0; number < graph.Triplets.Count; number++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                WriteEdge(writer, graph, number);
            }

            await writer.WriteEndElementAsync().ConfigureAwait(false);
            await writer.WriteEndElementAsync().ConfigureAwait(false);
        }
    }

    private static void WriteKeys(XmlWriter writer)
    {
        foreach (var field in NodeFields)
        {
            WriteKey(writer, "node", field, "string");
        }

        foreach (var field in EdgeFields)
        {
            WriteKey(writer, "edge", field, "string");
        }

        WriteKey(writer, "edge", "weight", "int");
    }

    private static void WriteKey(XmlWriter writer, string of, string field, string type)
    {
        writer.WriteStartElement("key", Namespace);
        writer.WriteAttributeString("id", $"{of}_{field}");
        writer.WriteAttributeString("for", of);
        writer.WriteAttributeString("attr.name", field == "support" ? "chunks" : field);
        writer.WriteAttributeString("attr.type", type);
        writer.WriteEndElement();
    }

    private static void WriteNode(XmlWriter writer, GraphEntity entity)
    {
        writer.WriteStartElement("node", Namespace);
        writer.WriteAttributeString("id", NodeId(entity));
        WriteData(writer, "node_name", entity.Name);
        WriteData(writer, "node_key", entity.Key);
        WriteData(writer, "node_chunks", string.Join('\n', entity.SupportingChunkIds));
        writer.WriteEndElement();
    }

    private static void WriteEdge(XmlWriter writer, KnowledgeGraph graph, int number)
    {
        var triplet = graph.Triplets[number];
        var (head, tail) = graph.Ends(number);
        writer.WriteStartElement("edge", Namespace);
        writer.WriteAttributeString("id", string.Create(CultureInfo.InvariantCulture, $"e{number}"));
        writer.WriteAttributeString("source", NodeId(head));
        writer.WriteAttributeString("target", NodeId(tail));
        WriteData(writer, "edge_relation", triplet.Relation);
        WriteData(writer, "edge_head", triplet.Head);
        WriteData(writer, "edge_tail", triplet.Tail);
        WriteData(writer, "edge_support", string.Join('\n', triplet.SupportingChunkIds));
        WriteData(writer, "edge_weight", triplet.SupportingChunkIds.Count.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndElement();
    }

    private static void WriteData(XmlWriter writer, string key, string value)
    {
        writer.WriteStartElement("data", Namespace);
        writer.WriteAttributeString("key", key);
        writer.WriteString(Printable(value));
        writer.WriteEndElement();
    }

    private static string NodeId(GraphEntity entity) => string.Create(CultureInfo.InvariantCulture, $"n{entity.Number}");

    private static string Printable(string value)
    {
        if (value.EnumerateRunes().All(rune => rune.Value != 0xFFFD && IsXml(rune)))
        {
            return value;
        }

        var printable = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())        // half a surrogate pair comes as U+FFFD
        {
            printable.Append(IsXml(rune) ? rune : Rune.ReplacementChar);
        }

        return printable.ToString();
    }

    private static bool IsXml(Rune rune) => !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value);
}
