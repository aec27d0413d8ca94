using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Finds and reads the tokenizer of a model's folder.</summary>
internal static class TokenizerFolder
{
    private static readonly string[] UsualEnds = ["<|endoftext|>", "</s>", "<|im_end|>", "<|end_of_text|>"];

    public static ModelTokenizer Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new AgenticException($"{folder} does not exist; name the folder of a model or of a tokenizer");
        }

        var json = Path.Combine(folder, "tokenizer.json");
        return File.Exists(json) ? LoadJson(folder, json) : LoadBinary(folder);
    }

    private static ModelTokenizer LoadBinary(string folder)
    {
        var files = Directory.GetFiles(folder, "tok*.bin");
        return files.Length switch
        {
            0 => throw new AgenticException($"{folder} has neither tokenizer.json nor tok*.bin; name the folder of a model or of a tokenizer"),
            1 => new ModelTokenizer(ScoredCoder.Load(files[0]), endId: 2, bosId: 1, [TokenizerFile.Read(files[0])]),
            _ => throw new AgenticException($"{folder} has several tok*.bin; leave the one that belongs to the model"),
        };
    }

    private static ModelTokenizer LoadJson(string folder, string path)
    {
        using var document = Parse(path);
        var (vocabulary, openingToken) = TokenizerJson.Read(path, document.RootElement);
        var configuration = Path.Combine(folder, "tokenizer_config.json");
        using var settings = File.Exists(configuration) ? Parse(configuration) : null;
        var ids = new SpecialIds(folder, vocabulary, settings?.RootElement);
        ByteLevelCoder coder;
        try
        {
            coder = new ByteLevelCoder(vocabulary);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or InvalidDataException)
        {
            throw new InputFormatException(path, 0, $"holds a vocabulary that does not fit together: {exception.Message}", exception);
        }

        return new ModelTokenizer(coder, ids.End(path), ids.Bos(openingToken), [.. (settings is null ? new[] { path } : [path, configuration]).Select(TokenizerFile.Read)]);
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException exception)
        {
            throw new InputFormatException(path, (exception.LineNumber ?? -1) + 1, "is not JSON; copy the file again", exception);
        }

        throw new InputFormatException(path, 0, "is no JSON object; copy the file again");
    }

    private sealed class SpecialIds(string folder, ByteLevelVocabulary vocabulary, JsonElement? settings)
    {
        public int End(string path) =>
            Configured("generation_config.json", "eos_token_id")
            ?? Configured("config.json", "eos_token_id")
            ?? IdOf(Setting("eos_token"))
            ?? UsualEnds.Select(IdOf).FirstOrDefault(id => id is not null)
            ?? throw new InputFormatException(path, 0, "names no token that ends a text; put eos_token into tokenizer_config.json");

        /// <summary>Only what is said to open every sequence: a configuration may name a begin token that its model never uses.</summary>
        public int? Bos(string? openingToken) =>
            IdOf(openingToken) ?? (settings?.TryGetProperty("add_bos_token", out var adds) == true && adds.ValueKind == JsonValueKind.True ? IdOf(Setting("bos_token")) : null);

        private int? Configured(string file, string name)
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path))
            {
                return null;
            }

            using var document = Parse(path);
            if (!document.RootElement.TryGetProperty(name, out var value))
            {
                return null;
            }

            value = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value[0] : value;
            return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id >= 0 ? id : null;
        }

        private string? Setting(string name)
        {
            if (settings?.TryGetProperty(name, out var value) != true)
            {
                return null;
            }

            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content))
            {
                value = content;
            }

            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }

        private int? IdOf(string? token) => token is null
            ? null
            : vocabulary.Added.FirstOrDefault(added => added.Content == token)?.Id ?? (vocabulary.Tokens.TryGetValue(token, out var id) ? id : null);
    }
}
