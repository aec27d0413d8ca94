using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Rows of a file of pairs, snake_case.</summary>
internal static class PairJson
{
    /// <summary>What the header says the file is.</summary>
    public const string Kind = "pairs";

    /// <summary>True for the line that says how the others came about.</summary>
    public static bool IsHeader(JsonElement value) => value.TryGetProperty("kind", out _) && !value.TryGetProperty(PairRules.Chosen, out _);

    public static JsonObject Of(DemonstrationHeader header) => DemonstrationJson.Of(header, Kind);

    public static DemonstrationHeader HeaderOf(JsonRecord record) => DemonstrationJson.HeaderOf(record, Kind);

    public static byte[] Of(PreferencePair pair)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = DemonstrationJson.Encoder }))
        {
            writer.WriteStartObject();
            WriteAbout(writer, pair);
            SegmentJson.Write(writer, PairRules.Prompt, pair.Prompt);
            SegmentJson.Write(writer, PairRules.Chosen, pair.Chosen);
            SegmentJson.Write(writer, PairRules.Rejected, pair.Rejected);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What is said about a pair, in every format that keeps it.</summary>
    public static void WriteAbout(Utf8JsonWriter writer, PreferencePair pair)
    {
        writer.WriteString("id", pair.Id);
        writer.WriteString("question_id", pair.QuestionId);
        writer.WriteString("question", pair.Question);
        if (pair.Type is { } type)
        {
            writer.WriteString("type", type);
        }

        if (pair.Hops is { } hops)
        {
            writer.WriteNumber("hops", hops);
        }

        if (pair.Reason is { } reason)
        {
            writer.WriteString("reason", reason);
        }
    }

    /// <summary>The pair of a row.</summary>
    /// <exception cref="PairFieldException">The row holds none.</exception>
    public static PreferencePair RowOf(JsonRecord record)
    {
        var id = PairFieldException.In("id", () => record.RequiredId("id"));
        var (chosen, rejected) = (Segments(record, PairRules.Chosen), Segments(record, PairRules.Rejected));
        var prompt = record.Value.TryGetProperty(PairRules.Prompt, out var given) && given.ValueKind != JsonValueKind.Null
            ? Segments(record, PairRules.Prompt)
            : TakePrompt(ref chosen, ref rejected);
        PairRules.Check(prompt, chosen, rejected);
        return About(record, id, new PreferencePair(id, id, "", prompt, chosen, rejected));
    }

    /// <summary>The pair with what its row says about it.</summary>
    public static PreferencePair About(JsonRecord record, string id, PreferencePair pair) => pair with
    {
        QuestionId = PairFieldException.In("question_id", () => record.OptionalString("question_id")) ?? id,
        Question = PairFieldException.In("question", () => record.OptionalString("question")) ?? pair.Question,
        Type = PairFieldException.In("type", () => record.OptionalString("type")),
        Reason = PairFieldException.In("reason", () => record.OptionalString("reason")),
        Hops = PairFieldException.In("hops", () => record.Value.TryGetProperty("hops", out var hops) && hops.ValueKind != JsonValueKind.Null
            ? SegmentJson.Whole(record, hops, "hops")
            : (int?)null),
    };

    private static Segment[] Segments(JsonRecord record, string field) =>
        PairFieldException.In<Segment[]>(field, () => [.. record.Elements(field).Select(element => SegmentJson.Of(record, element))]);

    // Sides written out whole, as trajectories are, bring their prompt along.
    private static Segment[] TakePrompt(ref Segment[] chosen, ref Segment[] rejected)
    {
        var (prompt, other) = (Opening(chosen), Opening(rejected));
        if (!prompt.Select(segment => segment.Text).SequenceEqual(other.Select(segment => segment.Text), StringComparer.Ordinal))
        {
            throw new PairFieldException(PairRules.Prompt, "differs between the sides; a pair compares two ways to go on from the same text, so give one \"prompt\", or remove the row");
        }

        (chosen, rejected) = (chosen[prompt.Length..], rejected[prompt.Length..]);
        return prompt;
    }

    private static Segment[] Opening(Segment[] side) => [.. side.TakeWhile(segment => segment.Author == Author.Prompt)];
}
