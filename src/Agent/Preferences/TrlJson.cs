using System.Buffers;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Preference rows as TRL reads them: <c>{prompt, chosen, rejected}</c>, of texts or of lists of messages.</summary>
/// <remarks>
/// <para>What messages become; nothing else maps, and a row that holds something else is refused:</para>
/// <list type="table">
/// <item><term>system, developer, user</term><description>a segment of the author prompt</description></item>
/// <item><term>assistant</term><description>a segment of the author policy, which ends a turn</description></item>
/// <item><term>assistant that calls <see cref="SearchTool.Name"/></term><description>the same, with the summary and the step written as the protocol writes them; a text beside the call stands if it says so already</description></item>
/// <item><term>tool</term><description>a segment of the author tool</description></item>
/// </list>
/// <para>
/// Texts stand as they are and follow each other without anything between them, which is how a model of ours reads messages; chat templates play no part. Lists without a prompt have
/// the messages both sides begin with as theirs. Written are messages, one for each segment: user, assistant, tool by the same table. Token ids are lost and steps counted anew.
/// </para>
/// </remarks>
internal static class TrlJson
{
    public static byte[] Of(PreferencePair pair)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = DemonstrationJson.Encoder }))
        {
            writer.WriteStartObject();
            PairJson.WriteAbout(writer, pair);
            Write(writer, PairRules.Prompt, pair.Prompt);
            Write(writer, PairRules.Chosen, pair.Chosen);
            Write(writer, PairRules.Rejected, pair.Rejected);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The pair of a row.</summary>
    /// <param name="record">The row.</param>
    /// <param name="number">Its 1-based number, which becomes the id of a row without one.</param>
    /// <exception cref="PairFieldException">The row does not map.</exception>
    public static PreferencePair RowOf(JsonRecord record, int number)
    {
        var id = record.Value.TryGetProperty("id", out _) ? PairFieldException.In("id", () => record.RequiredId("id")) : FormattableString.Invariant($"row-{number}");
        var (prompt, chosen, rejected) = KindOf(record, PairRules.Chosen) == JsonValueKind.String ? Texts(record) : Conversation(record);
        PairRules.Check(prompt, chosen, rejected);
        var question = ProtocolText.OneLine(prompt.LastOrDefault(segment => segment.Author == Author.Prompt)?.Text ?? "");
        return PairJson.About(record, id, new PreferencePair(id, id, question, prompt, chosen, rejected));
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<Segment> segments)
    {
        writer.WriteStartArray(name);
        foreach (var segment in segments)
        {
            writer.WriteStartObject();
            writer.WriteString("role", segment.Author switch { Author.Prompt => "user", Author.Policy => "assistant", _ => "tool" });
            writer.WriteString("content", segment.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static (IReadOnlyList<Segment> Prompt, IReadOnlyList<Segment> Chosen, IReadOnlyList<Segment> Rejected) Texts(JsonRecord record)
    {
        if (KindOf(record, PairRules.Prompt) == JsonValueKind.Undefined)
        {
            throw new PairFieldException(PairRules.Prompt, "is missing; texts need a prompt of their own, because where two of them part may be inside a word");
        }

        Segment[] Side(string field) => [new Segment(1, Author.Policy, Text(record, field))];
        return ([new Segment(0, Author.Prompt, Text(record, PairRules.Prompt))], Side(PairRules.Chosen), Side(PairRules.Rejected));
    }

    private static (IReadOnlyList<Segment> Prompt, IReadOnlyList<Segment> Chosen, IReadOnlyList<Segment> Rejected) Conversation(JsonRecord record)
    {
        var (chosen, rejected) = (Messages(record, PairRules.Chosen), Messages(record, PairRules.Rejected));
        var prompt = KindOf(record, PairRules.Prompt) == JsonValueKind.Undefined ? TakeShared(ref chosen, ref rejected) : Messages(record, PairRules.Prompt);
        var opening = new TrlMessages(0);
        var segments = opening.Segments(PairRules.Prompt, prompt);
        return (segments, new TrlMessages(opening.Step).Segments(PairRules.Chosen, chosen), new TrlMessages(opening.Step).Segments(PairRules.Rejected, rejected));
    }

    private static JsonElement[] TakeShared(ref JsonElement[] chosen, ref JsonElement[] rejected)
    {
        var shared = chosen.Zip(rejected).TakeWhile(pair => JsonElement.DeepEquals(pair.First, pair.Second)).Count();
        var prompt = chosen[..shared];
        (chosen, rejected) = (chosen[shared..], rejected[shared..]);
        if (chosen.Concat(rejected).Any() && (IsPrompt(chosen) || IsPrompt(rejected)))
        {
            throw new PairFieldException(PairRules.Prompt, "differs between the sides; a pair compares two ways to go on from the same messages, so remove the row");
        }

        return prompt;
    }

    private static bool IsPrompt(JsonElement[] side) => side.Length > 0 && TrlMessages.AuthorOf(side[0]) == Author.Prompt;

    private static JsonElement[] Messages(JsonRecord record, string field) => KindOf(record, field) switch
    {
        JsonValueKind.Array => [.. record.Value.GetProperty(field).EnumerateArray()],
        JsonValueKind.Undefined => throw new PairFieldException(field, "is missing; a row has \"prompt\", \"chosen\" and \"rejected\", all of them texts or all of them lists of messages"),
        _ => throw new PairFieldException(field, $"is {JsonRecord.Describe(record.Value.GetProperty(field))} where a list of messages is needed; give texts in all fields, or lists in all"),
    };

    private static string Text(JsonRecord record, string field) => KindOf(record, field) switch
    {
        JsonValueKind.String => PairFieldException.In(field, () => record.OptionalString(field)!),
        JsonValueKind.Undefined => throw new PairFieldException(field, "is missing; give every row a text there"),
        _ => throw new PairFieldException(field, $"is {JsonRecord.Describe(record.Value.GetProperty(field))} where a text is needed; give texts in all fields, or lists in all"),
    };

    /// <summary>Undefined for a field that is absent or null.</summary>
    private static JsonValueKind KindOf(JsonRecord record, string field) =>
        record.Value.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value.ValueKind : JsonValueKind.Undefined;
}
