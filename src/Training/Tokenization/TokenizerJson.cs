using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Reads and writes <c>tokenizer.json</c> of the byte-level BPE kind (GPT-2, Qwen, Llama 3 before <c>ignore_merges</c>, and what <see cref="BpeTrainer"/> makes).</summary>
/// <remarks>
/// Normalizer NFC is read and not applied: the runtime has no normalization tables here, and text as it stands decodes exactly. Text in NFC, nearly all there is, encodes alike.
/// SentencePiece kinds (byte_fallback, Metaspace) and <c>ignore_merges</c> are refused.
/// </remarks>
internal static class TokenizerJson
{
    private const int MaxId = 4_000_000;
    private static readonly JsonWriterOptions Writing = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The vocabulary, and the token that the file's template opens every sequence with, if any.</summary>
    /// <exception cref="InputFormatException">The file is of another kind, or broken.</exception>
    public static (ByteLevelVocabulary Vocabulary, string? OpeningToken) Read(string path, JsonElement root)
    {
        try
        {
            var model = Property(root, "model") ?? throw Refused(path, "has no model");
            if (Text(model, "type") is { } type and not "BPE")
            {
                throw Refused(path, $"has a model of type {type}; BPE is read");
            }

            if (Flag(model, "byte_fallback") || Flag(model, "ignore_merges"))
            {
                throw Refused(path, "uses byte_fallback or ignore_merges, which are not read; use a byte-level BPE tokenizer");
            }

            if (Property(root, "normalizer") is { } normalizer && Text(normalizer, "type") is { } kind and not "NFC")
            {
                throw Refused(path, $"has a normalizer {kind}, which is not read; use a tokenizer without one");
            }

            var added = Property(root, "added_tokens") is { } list ? list.EnumerateArray().Select(token => Added(path, token)).ToList() : [];
            var tokens = Tokens(path, model.GetProperty("vocab"));
            var merges = model.GetProperty("merges").EnumerateArray().Select(merge => Merge(path, merge, tokens)).ToList();
            return (new ByteLevelVocabulary(tokens, merges, added, Patterns(path, Property(root, "pre_tokenizer"))), OpeningToken(root));
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Refused(path, $"has not the shape of a tokenizer.json: {exception.Message}");
        }
    }

    /// <summary>Writes the file; the same vocabulary gives the same bytes.</summary>
    public static void Write(string path, ByteLevelVocabulary vocabulary)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, Writing);
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WriteStartArray("added_tokens");
        foreach (var token in vocabulary.Added)
        {
            json.WriteRawValue(
                $$"""{"id":{{token.Id.ToString(CultureInfo.InvariantCulture)}},"content":{{JsonSerializer.Serialize(token.Content)}},"single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":{{(token.Special ? "true" : "false")}}}""");
        }

        json.WriteEndArray();
        json.WriteNull("normalizer");
        WriteSplitting(json, vocabulary.Patterns);
        json.WriteNull("post_processor");
        json.WritePropertyName("decoder");
        json.WriteRawValue("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""");
        WriteModel(json, vocabulary);
        json.WriteEndObject();
    }

    private static void WriteSplitting(Utf8JsonWriter json, IReadOnlyList<string> patterns)
    {
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        foreach (var pattern in patterns)
        {
            json.WriteStartObject();
            json.WriteString("type", "Split");
            json.WriteStartObject("pattern");
            json.WriteString("Regex", pattern);
            json.WriteEndObject();
            json.WriteString("behavior", "Isolated");
            json.WriteBoolean("invert", false);
            json.WriteEndObject();
        }

        json.WriteRawValue("""{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}""");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ByteLevelVocabulary vocabulary)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (var name in (string[])["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"])
        {
            json.WriteNull(name);
        }

        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        foreach (var (token, id) in vocabulary.Tokens.OrderBy(token => token.Value))
        {
            json.WriteNumber(token, id);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in vocabulary.Merges)
        {
            // The older spelling, which every version of the original library reads.
            json.WriteStringValue($"{left} {right}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Dictionary<string, int> Tokens(string path, JsonElement vocabulary)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var token in vocabulary.EnumerateObject())
        {
            var id = token.Value.GetInt32();
            if (id is < 0 or > MaxId || !ids.Add(id) || !tokens.TryAdd(token.Name, id))
            {
                throw Refused(path, $"gives the id {id} twice or out of range (token '{token.Name}')");
            }
        }

        return tokens;
    }

    private static AddedToken Added(string path, JsonElement token)
    {
        var id = token.GetProperty("id").GetInt32();
        return id is >= 0 and <= MaxId
            ? new AddedToken(id, token.GetProperty("content").GetString() ?? "", Flag(token, "special"))
            : throw Refused(path, $"has an added token with the id {id}, which is out of range");
    }

    private static (string Left, string Right) Merge(string path, JsonElement merge, Dictionary<string, int> tokens)
    {
        string[] parts = merge.ValueKind == JsonValueKind.Array
            ? [.. merge.EnumerateArray().Select(part => part.GetString() ?? "")]
            : (merge.GetString() ?? "").Split(' ');
        return parts is [var left, var right] && tokens.ContainsKey(left) && tokens.ContainsKey(right) && tokens.ContainsKey(left + right)
            ? (left, right)
            : throw Refused(path, $"has a merge '{string.Join(' ', parts)}' whose parts and whole are not all in the vocabulary");
    }

    private static List<string> Patterns(string path, JsonElement? preTokenizer)
    {
        if (preTokenizer is not { } element)
        {
            throw Refused(path, "has no pre_tokenizer; a byte-level one is read");
        }

        JsonElement[] parts = Text(element, "type") == "Sequence" ? [.. element.GetProperty("pretokenizers").EnumerateArray()] : [element];
        var patterns = parts.SelectMany(part => Pattern(path, part)).ToList();
        return parts.Any(part => Text(part, "type") == "ByteLevel") ? patterns : throw Refused(path, "has no ByteLevel pre-tokenizer; a byte-level one is read");
    }

    private static IEnumerable<string> Pattern(string path, JsonElement part) => Text(part, "type") switch
    {
        "ByteLevel" when Flag(part, "add_prefix_space") => throw Refused(path, "puts a space before every text (add_prefix_space), which is not read"),
        "ByteLevel" => part.TryGetProperty("use_regex", out var uses) && uses.ValueKind == JsonValueKind.False ? [] : [TextSplitter.Gpt2],
        "Digits" => [Flag(part, "individual_digits") ? @"\p{N}" : @"\p{N}+"],
        "Split" when Text(part, "behavior") == "Isolated" || (Text(part, "behavior") == "Removed" && Flag(part, "invert")) =>
            [Text(part.GetProperty("pattern"), "Regex") ?? throw Refused(path, "splits by a fixed text, which is not read")],
        var type => throw Refused(path, $"has a pre-tokenizer {type}, which is not read in this form"),
    };

    /// <summary>The first token of the template of a single text, where the template puts a special token before it.</summary>
    private static string? OpeningToken(JsonElement root)
    {
        if (Property(root, "post_processor") is not { } processor)
        {
            return null;
        }

        JsonElement[] parts = Text(processor, "type") == "Sequence" ? [.. processor.GetProperty("processors").EnumerateArray()] : [processor];
        var template = parts.FirstOrDefault(part => Text(part, "type") == "TemplateProcessing");
        return template.ValueKind == JsonValueKind.Object && template.GetProperty("single").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
            && Property(first, "SpecialToken") is { } special
            ? Text(special, "id")
            : null;
    }

    private static JsonElement? Property(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement element, string name) => Property(element, name)?.GetString();

    private static bool Flag(JsonElement element, string name) => Property(element, name)?.ValueKind == JsonValueKind.True;

    private static InputFormatException Refused(string path, string reason) => new(path, 0, reason);
}
