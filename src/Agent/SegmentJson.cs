using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A segment in a file: <c>{step, author: prompt|policy|tool, text, token_ids?}</c>.</summary>
internal static class SegmentJson
{
    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<Segment> segments)
    {
        writer.WriteStartArray(name);
        foreach (var segment in segments)
        {
            Write(writer, segment);
        }

        writer.WriteEndArray();
    }

    public static Segment Of(JsonRecord record, JsonElement element)
    {
        var author = record.Member(element, "author") switch
        {
            "prompt" => Author.Prompt,
            "policy" => Author.Policy,
            "tool" => Author.Tool,
            var other => throw record.Broken($"the author \"{other}\" is not known; a segment is by prompt, policy or tool"),
        };
        var step = element.TryGetProperty("step", out var number) ? Whole(record, number, "step") : throw record.Broken("a segment lacks its \"step\"");
        var ids = element.TryGetProperty("token_ids", out var list) && list.ValueKind != JsonValueKind.Null ? Ids(record, list) : null;
        return new Segment(step, author, record.Member(element, "text")) { TokenIds = ids };
    }

    public static int Whole(JsonRecord record, JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw record.Broken($"\"{name}\" must hold whole numbers of at least 0");

    private static int[] Ids(JsonRecord record, JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(id => Whole(record, id, "token_ids"))]
        : throw record.Broken("\"token_ids\" must be a list of whole numbers");

    private static void Write(Utf8JsonWriter writer, Segment segment)
    {
        writer.WriteStartObject();
        writer.WriteNumber("step", segment.Step);
        writer.WriteString("author", segment.Author switch { Author.Prompt => "prompt", Author.Policy => "policy", _ => "tool" });
        writer.WriteString("text", segment.Text);
        if (segment.TokenIds is { } ids)
        {
            writer.WriteStartArray("token_ids");
            foreach (var id in ids)
            {
                writer.WriteNumberValue(id);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
