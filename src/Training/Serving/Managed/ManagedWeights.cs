using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Weights of one block, packed.</summary>
internal sealed record ManagedBlock(
    float[] InputNorm, PackedMatrix QueryKeyValue, float[]? QueryNorm, float[]? KeyNorm, PackedMatrix Output, float[] PostAttentionNorm, PackedMatrix GateUp, PackedMatrix Down);

/// <summary>A model's weights in float32 as the managed decoder reads them; a copy, so that training may go on with the model.</summary>
internal sealed class ManagedWeights
{
    public ManagedWeights(ICausalLm model)
    {
        var options = model.Options;
        var byName = model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal);
        float[]? Find(string name) => byName.TryGetValue(name, out var tensor) ? Floats(tensor) : null;
        float[] Get(string name) => Find(name) ?? throw new ArgumentException($"the model has no parameter {name}", nameof(model));
        (float[], float[]?) Layer(string name) => (Get(name + ".weight"), Find(name + ".bias"));

        Options = options;
        Embedding = Get("model.embed_tokens.weight");
        FinalNorm = Get("model.norm.weight");
        Head = new PackedMatrix(options.HiddenSize, (Floats(model.Head), null));
        Blocks = new ManagedBlock[options.Layers];
        for (var layer = 0; layer < options.Layers; layer++)
        {
            var block = $"model.layers.{layer}.";
            var attention = block + "self_attn.";
            Blocks[layer] = new ManagedBlock(
                Get(block + "input_layernorm.weight"),
                new PackedMatrix(options.HiddenSize, Layer(attention + "q_proj"), Layer(attention + "k_proj"), Layer(attention + "v_proj")),
                Find(attention + "q_norm.weight"),
                Find(attention + "k_norm.weight"),
                new PackedMatrix(options.Heads * options.HeadSize, Layer(attention + "o_proj")),
                Get(block + "post_attention_layernorm.weight"),
                new PackedMatrix(options.HiddenSize, Layer(block + "mlp.gate_proj"), Layer(block + "mlp.up_proj")),
                new PackedMatrix(options.IntermediateSize, Layer(block + "mlp.down_proj")));
        }
    }

    public TransformerOptions Options { get; }

    /// <summary>[V, H].</summary>
    public float[] Embedding { get; }

    public ManagedBlock[] Blocks { get; }

    public float[] FinalNorm { get; }

    public PackedMatrix Head { get; }

    private static float[] Floats(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
