using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.TestSupport;

namespace Agentic.Training.Tests;

/// <summary>Folders with the tokenizer.json that the public vocabularies of GPT-2 and Qwen2 would have, and the ids their own tokenizers gave.</summary>
internal static class PublicTokenizers
{
    private const string Qwen2Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Loads <c>gpt-2</c> or <c>qwen2</c>.</summary>
    public static ModelTokenizer Load(string name)
    {
        var stem = name == "gpt-2" ? "gpt2" : "qwen2";
        var vocabulary = JsonNode.Parse(Read($"{stem}.vocab.json.gz"))!.AsObject();
        var merges = Read($"{stem}.merges.txt.gz").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("#version", StringComparison.Ordinal));
        var special = JsonNode.Parse(File.ReadAllText(PublicData.Require("tokenizers/special-tokens.json")))![name]!.AsObject();
        var byteLevel = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = name == "gpt-2" };
        var split = new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = Qwen2Pattern }, ["behavior"] = "Isolated", ["invert"] = false };
        var root = new JsonObject
        {
            ["added_tokens"] = new JsonArray([.. special.Select(token => new JsonObject { ["id"] = token.Value!.GetValue<int>(), ["content"] = token.Key, ["special"] = true })]),
            ["normalizer"] = name == "gpt-2" ? null : new JsonObject { ["type"] = "NFC" },
            ["pre_tokenizer"] = name == "gpt-2" ? byteLevel : new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(split, byteLevel) },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray([.. merges.Select(merge => JsonValue.Create(merge))]) },
        };
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["tokenizer.json"], root.ToJsonString());
        return ModelTokenizer.Load(folder.Path);
    }

    /// <summary>Texts with the ids that the original tokenizer gives; those that read special tokens in the text are left out, because nothing here does.</summary>
    public static IEnumerable<(string Text, int[] Ids)> Expected(string name) =>
        from line in Read("expected-ids.jsonl.gz").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let row = JsonDocument.Parse(line).RootElement
        where row.GetProperty("tokenizer").GetString() == name && !row.TryGetProperty("parse_special", out _)
        select (row.GetProperty("text").GetString()!, row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray());

    private static string Read(string file)
    {
        using var gzip = new GZipStream(File.OpenRead(PublicData.Require($"tokenizers/{file}")), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }
}
