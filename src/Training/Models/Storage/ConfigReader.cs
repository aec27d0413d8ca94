using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Reads a <c>config.json</c> as <c>transformers</c> would: what is absent has the default of its architecture; what would be computed otherwise is refused.</summary>
internal sealed class ConfigReader(string path, JsonElement root)
{
    public ModelConfig Read(string fingerprintKey)
    {
        var architecture = Text("model_type") ?? throw Refused("has no model_type");
        var (isLlama, isQwen2) = (architecture == "llama", architecture == "qwen2");
        if (!isLlama && !isQwen2 && architecture != "qwen3")
        {
            throw Refused($"describes a '{architecture}'; llama, qwen2 and qwen3 are read");
        }

        RefuseOtherComputation();
        var heads = Number("num_attention_heads", 32);
        var hidden = Number("hidden_size", 4096);
        var options = new TransformerOptions
        {
            VocabularySize = Number("vocab_size", isLlama ? 32_000 : 151_936),
            HiddenSize = hidden,
            IntermediateSize = Number("intermediate_size", isLlama ? 11_008 : 22_016),
            Layers = Number("num_hidden_layers", 32),
            Heads = heads,
            KeyValueHeads = Number("num_key_value_heads", isLlama ? heads : 32),
            HeadSize = Number("head_dim", isLlama || isQwen2 ? hidden / Math.Max(1, heads) : 128),
            ContextLength = Number("max_position_embeddings", isLlama ? 2048 : 32_768),
            RopeBase = RopeBase(),
            NormEpsilon = Real(root, "rms_norm_eps", 1e-6),
            TiedEmbeddings = Flag("tie_word_embeddings", absent: false),
            QueryKeyNorm = architecture == "qwen3",
            Bias = isQwen2 ? AttentionBias.Qkv : Flag("attention_bias", absent: false) ? AttentionBias.Qkvo : AttentionBias.None,
        };
        var vocabulary = new ModelVocabulary(TokenId("bos_token_id"), TokenId("eos_token_id"), Text(fingerprintKey));
        return new ModelConfig(OptionsGuard.Checked(options), vocabulary, Stored());
    }

    private void RefuseOtherComputation()
    {
        if (Text("hidden_act") is { } activation && activation is not ("silu" or "swish"))
        {
            throw Refused($"asks for hidden_act '{activation}'; only silu is computed");
        }

        foreach (var key in new[] { "mlp_bias", "use_sliding_window" })
        {
            if (Flag(key, absent: false))
            {
                throw Refused($"asks for {key}, which is not computed");
            }
        }

        if (RopeKind(root, "rope_scaling") is { } kind and not "default")
        {
            throw Refused($"asks for rope_scaling of the kind '{kind}', which is not computed");
        }

        if (RopeKind(root, "rope_parameters") is { } other and not "default")
        {
            throw Refused($"asks for rope_parameters of the kind '{other}', which is not computed");
        }

        if (root.TryGetProperty("quantization_config", out var quantization) && quantization.ValueKind != JsonValueKind.Null)
        {
            throw Refused("describes quantized weights, which are not read");
        }
    }

    private static string? RopeKind(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var rope) || rope.ValueKind != JsonValueKind.Object ? null
        : rope.TryGetProperty("rope_type", out var kind) || rope.TryGetProperty("type", out kind) ? kind.ToString() : "default";

    /// <summary>At the top in older files, inside rope_parameters in newer ones.</summary>
    private double RopeBase() =>
        root.TryGetProperty("rope_parameters", out var rope) && rope.ValueKind == JsonValueKind.Object
            ? Real(rope, "rope_theta", Real(root, "rope_theta", 10_000))
            : Real(root, "rope_theta", 10_000);

    private ComputeType? Stored() => (Text("dtype") ?? Text("torch_dtype")) switch
    {
        "bfloat16" => ComputeType.Bfloat16,
        "float64" => ComputeType.Float64,
        "float32" => ComputeType.Float32,
        _ => null,
    };

    private int Number(string name, int absent) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? absent
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : throw Refused($"has {value.GetRawText()} for {name}; a whole number belongs there");

    private double Real(JsonElement parent, string name, double absent) =>
        !parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? absent
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : throw Refused($"has {value.GetRawText()} for {name}; a number belongs there");

    private bool Flag(string name, bool absent) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? absent
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Refused($"has {value.GetRawText()} for {name}; true or false belongs there");

    private string? Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>An id, or the first of a list of them.</summary>
    private int? TokenId(string name)
    {
        if (!root.TryGetProperty(name, out var value))
        {
            return null;
        }

        value = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value[0] : value;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) ? id : null;
    }

    private InputFormatException Refused(string reason) => new(path, 0, reason);
}
