using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Parameters of one block, matrices as [out, in]; an absent bias or gain is null.</summary>
internal sealed record BlockWeights(
    Tensor InputNorm,
    LinearWeights Query,
    LinearWeights Key,
    LinearWeights Value,
    LinearWeights Output,
    Tensor? QueryNorm,
    Tensor? KeyNorm,
    Tensor PostAttentionNorm,
    LinearWeights Gate,
    LinearWeights Up,
    LinearWeights Down);

/// <summary>A linear layer: y = x W^T + b.</summary>
internal readonly record struct LinearWeights(Tensor Matrix, Tensor? Bias = null);

/// <summary>The parameters of a <see cref="TransformerOptions"/>, under their names in a checkpoint; owns them.</summary>
internal sealed class TransformerWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> _byName = new(StringComparer.Ordinal);
    private readonly List<(string Name, Tensor Value)> _named = [];

    /// <summary>Takes each parameter from <paramref name="make"/>, which is asked once for every name and shape in checkpoint order.</summary>
    public TransformerWeights(TransformerOptions options, Func<string, long[], Tensor> make)
    {
        foreach (var (name, shape) in Shapes(options))
        {
            var value = make(name, shape).DetachFromDisposeScope();
            _byName.Add(name, value.requires_grad_());
            _named.Add((name, value));
        }

        Embedding = _byName["model.embed_tokens.weight"];
        FinalNorm = _byName["model.norm.weight"];
        Head = options.TiedEmbeddings ? Embedding : _byName["lm_head.weight"];
        Blocks = [.. Enumerable.Range(0, options.Layers).Select(layer => Block($"model.layers.{layer}."))];
    }

    /// <summary>Every parameter, in checkpoint order.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Named => _named;

    /// <summary>[V, H].</summary>
    public Tensor Embedding { get; }

    /// <summary>[H].</summary>
    public Tensor FinalNorm { get; }

    /// <summary>[V, H]; the embedding where the two are tied.</summary>
    public Tensor Head { get; }

    public IReadOnlyList<BlockWeights> Blocks { get; }

    /// <summary>Names and shapes of the parameters in the order of a checkpoint: the one list that creation, loading and saving follow.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Shapes(TransformerOptions options)
    {
        long hidden = options.HiddenSize, inner = options.IntermediateSize;
        long queries = (long)options.Heads * options.HeadSize, keys = (long)options.KeyValueHeads * options.HeadSize;
        var (inBias, outBias) = (options.Bias != AttentionBias.None, options.Bias == AttentionBias.Qkvo);
        yield return ("model.embed_tokens.weight", [options.VocabularySize, hidden]);
        for (var layer = 0; layer < options.Layers; layer++)
        {
            var block = $"model.layers.{layer}.";
            yield return (block + "input_layernorm.weight", [hidden]);
            foreach (var (name, rows, columns, biased) in new[] { ("q_proj", queries, hidden, inBias), ("k_proj", keys, hidden, inBias), ("v_proj", keys, hidden, inBias), ("o_proj", hidden, queries, outBias) })
            {
                yield return ($"{block}self_attn.{name}.weight", [rows, columns]);
                if (biased)
                {
                    yield return ($"{block}self_attn.{name}.bias", [rows]);
                }
            }

            if (options.QueryKeyNorm)
            {
                yield return (block + "self_attn.q_norm.weight", [options.HeadSize]);
                yield return (block + "self_attn.k_norm.weight", [options.HeadSize]);
            }

            yield return (block + "post_attention_layernorm.weight", [hidden]);
            yield return (block + "mlp.gate_proj.weight", [inner, hidden]);
            yield return (block + "mlp.up_proj.weight", [inner, hidden]);
            yield return (block + "mlp.down_proj.weight", [hidden, inner]);
        }

        yield return ("model.norm.weight", [hidden]);
        if (!options.TiedEmbeddings)
        {
            yield return ("lm_head.weight", [options.VocabularySize, hidden]);
        }
    }

    private BlockWeights Block(string prefix)
    {
        var attention = prefix + "self_attn.";
        return new BlockWeights(
            _byName[prefix + "input_layernorm.weight"],
            Linear(attention + "q_proj"),
            Linear(attention + "k_proj"),
            Linear(attention + "v_proj"),
            Linear(attention + "o_proj"),
            _byName.GetValueOrDefault(attention + "q_norm.weight"),
            _byName.GetValueOrDefault(attention + "k_norm.weight"),
            _byName[prefix + "post_attention_layernorm.weight"],
            Linear(prefix + "mlp.gate_proj"),
            Linear(prefix + "mlp.up_proj"),
            Linear(prefix + "mlp.down_proj"));
    }

    private LinearWeights Linear(string name) => new(_byName[name + ".weight"], _byName.GetValueOrDefault(name + ".bias"));

    public void Dispose()
    {
        foreach (var (_, value) in _named)
        {
            value.Dispose();
        }
    }
}
