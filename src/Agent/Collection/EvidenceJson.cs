using System.Text.Json;
using System.Text.Json.Serialization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Evidence as a flat object with its kind first: <c>{"kind":"chunk","score",...}</c> or <c>{"kind":"triplet","score",...}</c>.</summary>
internal sealed class EvidenceJson : JsonConverter<Evidence>
{
    private const string ChunkKind = "chunk";
    private const string TripletKind = "triplet";

    public override Evidence Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var item = JsonSerializer.Deserialize<Item>(ref reader, options) ?? throw new JsonException("evidence is null");
        return item switch
        {
            { Kind: ChunkKind, Id: not null, DocumentId: not null, Title: not null, Text: not null } =>
                new Evidence.OfChunk(new Chunk(item.Id, item.DocumentId, item.Ordinal ?? 0, item.Title, item.Text, item.Start ?? 0, item.End ?? item.Text.Length), item.Score) { Path = item.Path },
            { Kind: TripletKind, Head: not null, Relation: not null, Tail: not null, Support: not null } =>
                new Evidence.OfTriplet(new Triplet(item.Head, item.Relation, item.Tail, item.Support), item.Score),
            _ => throw new JsonException($"evidence of kind {item.Kind} is not known or lacks a field"),
        };
    }

    public override void Write(Utf8JsonWriter writer, Evidence value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, ItemOf(value), options);

    private static Item ItemOf(Evidence value) => value switch
    {
        Evidence.OfChunk { Chunk: var chunk } => new Item(ChunkKind, value.Score)
        {
            Id = chunk.Id,
            DocumentId = chunk.DocumentId,
            Ordinal = chunk.Ordinal,
            Title = chunk.Title,
            Text = chunk.Text,
            Start = chunk.Start,
            End = chunk.End,
            Path = ((Evidence.OfChunk)value).Path,
        },
        Evidence.OfTriplet { Triplet: var triplet } => new Item(TripletKind, value.Score)
        {
            Head = triplet.Head,
            Relation = triplet.Relation,
            Tail = triplet.Tail,
            Support = triplet.SupportingChunkIds,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType().Name, "the set of evidence is closed"),
    };

    private sealed record Item(string Kind, double Score)
    {
        public string? Id { get; init; }

        public string? DocumentId { get; init; }

        public int? Ordinal { get; init; }

        public string? Title { get; init; }

        public string? Text { get; init; }

        public int? Start { get; init; }

        public int? End { get; init; }

        public IReadOnlyList<PathHop>? Path { get; init; }

        public string? Head { get; init; }

        public string? Relation { get; init; }

        public string? Tail { get; init; }

        public IReadOnlyList<string>? Support { get; init; }
    }
}
