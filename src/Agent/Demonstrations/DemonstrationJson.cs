using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Rows of a demonstration file, snake_case.</summary>
internal static class DemonstrationJson
{
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static string NameOf(PromptStyle style) => style == PromptStyle.Question ? "question" : "instructed";

    /// <summary>True for the line that says how the others came about.</summary>
    public static bool IsHeader(JsonElement value) => value.TryGetProperty("kind", out _) && !value.TryGetProperty("segments", out _);

    public static JsonObject Of(DemonstrationHeader header)
    {
        var json = new JsonObject
        {
            ["format"] = DemonstrationHeader.CurrentFormat,
            ["kind"] = DemonstrationHeader.Kind,
            ["prompt"] = NameOf(header.Prompt),
        };
        foreach (var (name, section) in new[] { ("evidence", header.Evidence), ("retriever", header.Retriever), ("agent", header.Agent), ("source", header.Source) })
        {
            if (section is not null)
            {
                json[name] = section.DeepClone();
            }
        }

        return json;
    }

    public static DemonstrationHeader HeaderOf(JsonRecord record)
    {
        if (record.OptionalString("kind") is var kind && kind != DemonstrationHeader.Kind)
        {
            throw record.Broken($"is of the kind \"{kind}\" where \"{DemonstrationHeader.Kind}\" is read; give a file that 'sft build' wrote");
        }

        if (!record.Value.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out var version) || version != DemonstrationHeader.CurrentFormat)
        {
            throw record.Broken($"is of another format than {DemonstrationHeader.CurrentFormat}, the one read here; build the data again with this version");
        }

        return new DemonstrationHeader
        {
            Prompt = StyleOf(record),
            Evidence = Section(record, "evidence"),
            Retriever = Section(record, "retriever"),
            Agent = Section(record, "agent"),
            Source = Section(record, "source"),
        };
    }

    public static byte[] Of(Demonstration row)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("id", row.Id);
            writer.WriteString("question_id", row.QuestionId);
            writer.WriteString("question", row.Question);
            if (row.Type is { } type)
            {
                writer.WriteString("type", type);
            }

            if (row.Hops is { } hops)
            {
                writer.WriteNumber("hops", hops);
            }

            writer.WriteString("prompt", NameOf(row.Prompt));
            writer.WriteStartArray("segments");
            foreach (var segment in row.Segments)
            {
                Write(writer, segment);
            }

            writer.WriteEndArray();
            writer.WriteString("answer", row.Answer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static Demonstration RowOf(JsonRecord record)
    {
        var segments = record.Elements("segments").Select(element => SegmentOf(record, element)).ToArray();
        if (segments.Length == 0 || segments[0].Author != Author.Prompt)
        {
            throw record.Broken("\"segments\" must begin with the prompt: [{\"step\": 0, \"author\": \"prompt\", \"text\": ...}, ...]");
        }

        if (!segments.Any(segment => segment.Author == Author.Policy && segment.Text.Length > 0))
        {
            throw record.Broken("no segment has the author \"policy\": there would be nothing to train on");
        }

        var id = record.RequiredId("id");
        return new Demonstration(id, record.OptionalString("question_id") ?? id, record.RequiredString("question"), StyleOf(record), segments, record.OptionalString("answer") ?? "")
        {
            Type = record.OptionalString("type"),
            Hops = record.Value.TryGetProperty("hops", out var hops) && hops.ValueKind != JsonValueKind.Null ? Whole(record, hops, "hops") : null,
        };
    }

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

    private static Segment SegmentOf(JsonRecord record, JsonElement element)
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

    private static int[] Ids(JsonRecord record, JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(id => Whole(record, id, "token_ids"))]
        : throw record.Broken("\"token_ids\" must be a list of whole numbers");

    private static int Whole(JsonRecord record, JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw record.Broken($"\"{name}\" must hold whole numbers of at least 0");

    private static PromptStyle StyleOf(JsonRecord record) => record.OptionalString("prompt") switch
    {
        null or "instructed" => PromptStyle.Instructed,
        "question" => PromptStyle.Question,
        var other => throw record.Broken($"\"prompt\" is \"{other}\"; it is question or instructed"),
    };

    private static JsonObject? Section(JsonRecord record, string name) =>
        !record.Value.TryGetProperty(name, out var section) || section.ValueKind == JsonValueKind.Null ? null
        : section.ValueKind == JsonValueKind.Object ? JsonObject.Create(section.Clone())
        : throw record.Broken($"\"{name}\" must be an object");
}
