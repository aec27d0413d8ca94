using System.Text.Encodings.Web;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>Writes a knowledge graph as one JSON object: <c>{entities: [{number, name, key, chunks}], triplets: [{head, relation, tail, head_entity, tail_entity, chunks}]}</c>.</summary>
/// <remarks>Chunks are the ids that support it; head_entity and tail_entity are numbers of entities. Equal graphs give equal bytes.</remarks>
public static class GraphJson
{
    private const int FlushBytes = 1 << 16;

    /// <summary>Writes the whole graph; the stream stays open.</summary>
    public static async Task WriteAsync(KnowledgeGraph graph, Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("entities");
            foreach (var entity in graph.Entities)
            {
                WriteEntity(writer, entity);
                await FlushAsync(writer, cancellationToken).ConfigureAwait(false);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("triplets");
            for (var number = 0; number < graph.Triplets.Count; number++)
            {
                WriteTriplet(writer, graph, number);
                await FlushAsync(writer, cancellationToken).ConfigureAwait(false);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void WriteEntity(Utf8JsonWriter writer, GraphEntity entity)
    {
        writer.WriteStartObject();
        writer.WriteNumber("number", entity.Number);
        writer.WriteString("name", entity.Name);
        writer.WriteString("key", entity.Key);
        WriteChunks(writer, entity.SupportingChunkIds);
        writer.WriteEndObject();
    }

    private static void WriteTriplet(Utf8JsonWriter writer, KnowledgeGraph graph, int number)
    {
        var triplet = graph.Triplets[number];
        var (head, tail) = graph.Ends(number);
        writer.WriteStartObject();
        writer.WriteString("head", triplet.Head);
        writer.WriteString("relation", triplet.Relation);
        writer.WriteString("tail", triplet.Tail);
        writer.WriteNumber("head_entity", head.Number);
        writer.WriteNumber("tail_entity", tail.Number);
        WriteChunks(writer, triplet.SupportingChunkIds);
        writer.WriteEndObject();
    }

    private static void WriteChunks(Utf8JsonWriter writer, IReadOnlyList<string> chunks)
    {
        writer.WriteStartArray("chunks");
        foreach (var chunk in chunks)
        {
            writer.WriteStringValue(chunk);
        }

        writer.WriteEndArray();
    }

    private static async ValueTask FlushAsync(Utf8JsonWriter writer, CancellationToken cancellationToken)
    {
        if (writer.BytesPending > FlushBytes)
        {
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
