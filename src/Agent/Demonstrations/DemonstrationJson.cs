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

    public static JsonObject Of(DemonstrationHeader header, string kind = DemonstrationHeader.Kind)
    {
        var json = new JsonObject
        {
            ["format"] = DemonstrationHeader.CurrentFormat,
            ["kind"] = kind,
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

    public static DemonstrationHeader HeaderOf(JsonRecord record, string expected = DemonstrationHeader.Kind)
    {
        if (record.OptionalString("kind") is var kind && kind != expected)
        {
            throw record.Broken($"is of the kind \"{kind}\" where \"{expected}\" is read; give a file {(expected == DemonstrationHeader.Kind ? "that 'sft build' wrote" : "of preference pairs")}");
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
            SegmentJson.Write(writer, "segments", row.Segments);
            writer.WriteString("answer", row.Answer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static Demonstration RowOf(JsonRecord record)
    {
        var segments = record.Elements("segments").Select(element => SegmentJson.Of(record, element)).ToArray();
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
            Hops = record.Value.TryGetProperty("hops", out var hops) && hops.ValueKind != JsonValueKind.Null ? SegmentJson.Whole(record, hops, "hops") : null,
        };
    }

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
