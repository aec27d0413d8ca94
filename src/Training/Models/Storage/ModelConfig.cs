using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary><c>config.json</c> of a HuggingFace folder for the architectures llama, qwen2 and qwen3, with their own defaults for what is absent.</summary>
internal sealed record ModelConfig(TransformerOptions Options, ModelVocabulary Vocabulary, ComputeType? Stored)
{
    private const string FileName = "config.json";
    private const string FingerprintKey = "tokenizer_fingerprint";

    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The architecture that expresses a shape; null where none does.</summary>
    public static string? Architecture(TransformerOptions options) => (options.QueryKeyNorm, options.Bias) switch
    {
        (true, AttentionBias.Qkv) => null,
        (true, _) => "qwen3",
        (false, AttentionBias.Qkv) => "qwen2",
        _ => "llama",
    };

    /// <summary>Reads a folder's configuration.</summary>
    /// <exception cref="InputFormatException">It is no such configuration, or asks for what is not computed here.</exception>
    public static ModelConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new ConfigReader(path, document.RootElement).Read(FingerprintKey);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InputFormatException(path, 0, $"is no JSON object; copy the file again ({exception.Message})", exception);
        }
        catch (OptionsException exception)
        {
            throw new InputFormatException(path, 0, $"describes no model: {string.Join("; ", exception.Problems)}", exception);
        }
    }

    /// <summary>The two configuration files of a folder, by name.</summary>
    public IEnumerable<(string Name, byte[] Content)> Files()
    {
        yield return (FileName, Json(WriteConfig));
        yield return ("generation_config.json", Json(WriteTokens));
    }

    private void WriteConfig(Utf8JsonWriter json)
    {
        var architecture = Architecture(Options)!;
        json.WriteStartArray("architectures");
        json.WriteStringValue(architecture switch { "qwen3" => "Qwen3ForCausalLM", "qwen2" => "Qwen2ForCausalLM", _ => "LlamaForCausalLM" });
        json.WriteEndArray();
        if (architecture != "qwen2")
        {
            json.WriteBoolean("attention_bias", Options.Bias == AttentionBias.Qkvo);
        }

        json.WriteNumber("attention_dropout", 0.0);
        WriteTokens(json);
        json.WriteNumber("head_dim", Options.HeadSize);
        json.WriteString("hidden_act", "silu");
        json.WriteNumber("hidden_size", Options.HiddenSize);
        json.WriteNumber("intermediate_size", Options.IntermediateSize);
        json.WriteNumber("max_position_embeddings", Options.ContextLength);
        json.WriteString("model_type", architecture);
        json.WriteNumber("num_attention_heads", Options.Heads);
        json.WriteNumber("num_hidden_layers", Options.Layers);
        json.WriteNumber("num_key_value_heads", Options.KeyValueHeads);
        json.WriteNumber("rms_norm_eps", Options.NormEpsilon);
        json.WriteNumber("rope_theta", Options.RopeBase);
        json.WriteBoolean("tie_word_embeddings", Options.TiedEmbeddings);
        if (Vocabulary.TokenizerFingerprint is { } fingerprint)
        {
            json.WriteString(FingerprintKey, fingerprint);
        }

        json.WriteString("torch_dtype", Spell(Stored ?? ComputeType.Float32));
        json.WriteBoolean("use_cache", true);
        json.WriteNumber("vocab_size", Options.VocabularySize);
    }

    private void WriteTokens(Utf8JsonWriter json)
    {
        if (Vocabulary.BosId is { } bos)
        {
            json.WriteNumber("bos_token_id", bos);
        }

        if (Vocabulary.EndId is { } end)
        {
            json.WriteNumber("eos_token_id", end);
        }
    }

    private static string Spell(ComputeType type) => type switch { ComputeType.Bfloat16 => "bfloat16", ComputeType.Float64 => "float64", _ => "float32" };

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Layout))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return [.. stream.ToArray(), (byte)'\n'];
    }
}
