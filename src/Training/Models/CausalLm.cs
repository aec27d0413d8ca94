// Legend: R = rows, L = positions, H = width, A = heads, D = width of a head.
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>A decoder of the Llama and Qwen kind with its weights.</summary>
/// <remarks>Parameters are float32 (float64 under <see cref="ComputeType.Float64"/>) and cast at use; not safe for concurrent use.</remarks>
public sealed class CausalLm : ICausalLm
{
    private readonly RotaryTable _rotary;
    private readonly ScalarType _product;

    private CausalLm(TransformerOptions options, ModelVocabulary vocabulary, ComputeOptions compute, Func<string, long[], Tensor> make)
    {
        Vocabulary = vocabulary;
        Options = options;
        Compute = OptionsGuard.Checked(compute);
        Device = compute.Resolve();
        _product = compute.Product;
        using var scope = NewDisposeScope();
        Weights = new TransformerWeights(options, (name, shape) => make(name, shape).to(compute.Master, Device));
        _rotary = new RotaryTable(options, Device, compute.Master);
    }

    /// <inheritdoc/>
    public TransformerOptions Options { get; }

    /// <summary>What its folder says about its tokens.</summary>
    public ModelVocabulary Vocabulary { get; }

    /// <summary>Where and in which precision it computes.</summary>
    public ComputeOptions Compute { get; }

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Parameters => Weights.Named;

    /// <inheritdoc/>
    public Tensor Head => Weights.Head;

    /// <summary>The parameters by their place.</summary>
    internal TransformerWeights Weights { get; }

    /// <summary>A new model; equal arguments give equal weights on every machine.</summary>
    /// <param name="vocabulary">Facts of the tokenizer it is made for, kept in its folder; null for none.</param>
    public static CausalLm Create(TransformerOptions options, Initialization initialization, Seed seed, ComputeOptions compute, ModelVocabulary? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(compute);
        TorchNative.EnsureLoaded();
        return new CausalLm(OptionsGuard.Checked(options), vocabulary ?? new ModelVocabulary(), compute, new WeightInitializer(options, initialization, seed).Make);
    }

    /// <summary>Reads a HuggingFace folder or a llama2.c folder; the tokenizer is not looked at (<see cref="ModelFolder.Load"/> does).</summary>
    /// <exception cref="AgenticException">There is no model, its files are not sound, or a weight is not a number.</exception>
    public static CausalLm Load(string folder, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        TorchNative.EnsureLoaded();
        var source = ModelFolder.Source(folder);
        return ModelFolder.WithWeights(folder, source, read => new CausalLm(source.Options, source.Vocabulary, compute, read));
    }

    /// <inheritdoc/>
    public ICausalLm Replica()
    {
        var numbers = Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal);
        return new CausalLm(Options, Vocabulary, Compute, (name, _) => numbers[name].detach());
    }

    /// <summary>Writes <c>config.json</c>, <c>model.safetensors</c> and <c>generation_config.json</c>, each by replacing; equal weights give equal bytes.</summary>
    /// <param name="folder">Made when it is not there; other files in it, the tokenizer's among them, are left alone.</param>
    /// <param name="stored">Type of the numbers in the file; null for that of the parameters, so that nothing is lost.</param>
    public void Save(string folder, ComputeType? stored = null)
    {
        var exact = Compute.DType == ComputeType.Float64 ? ComputeType.Float64 : ComputeType.Float32;
        ModelFolder.Write(folder, new ModelConfig(Options, Vocabulary, stored ?? exact), Parameters);
    }

    /// <inheritdoc/>
    public Tensor Hidden(SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var length = batch.InputIds.shape[1];
        if (length > Options.ContextLength)
        {
            throw new ArgumentException($"{length} tokens exceed the context of {Options.ContextLength}", nameof(batch));
        }

        _rotary.Cover(length);
        using var scope = NewDisposeScope();
        var stream_RLH = Weights.Embedding.index_select(0, batch.InputIds.flatten()).view(batch.InputIds.shape[0], length, -1);
        if (TensorMemory.IsManaged(_product, Device))
        {
            return new FusedBlocks(Options, Weights, _rotary, _product).Hidden(stream_RLH, batch.LeftPadding).MoveToOuterDisposeScope();
        }

        var at = _rotary.For(length, batch.LeftPadding);
        foreach (var block in Weights.Blocks)
        {
            stream_RLH = Block(block, stream_RLH, at, batch.LeftPadding);
        }

        return RmsNorm.Apply(stream_RLH, Weights.FinalNorm, Options.NormEpsilon).MoveToOuterDisposeScope();
    }

    private Tensor Block(BlockWeights block, Tensor stream_RLH, (Tensor Cos, Tensor Sin) at, Tensor? leftPadding)
    {
        using var scope = NewDisposeScope();
        var normed_RLH = RmsNorm.Apply(stream_RLH, block.InputNorm, Options.NormEpsilon).to(_product);
        var query_RLAD = RotaryTable.Turn(Heads(normed_RLH, block.Query, block.QueryNorm), at);
        var key_RLAD = RotaryTable.Turn(Heads(normed_RLH, block.Key, block.KeyNorm), at);
        var value_RLAD = Heads(normed_RLH, block.Value, null);
        var mixed_RLH = Attention.Causal(query_RLAD.to(_product), key_RLAD.to(_product), value_RLAD.to(_product), leftPadding);
        var attended_RLH = stream_RLH + Linear(mixed_RLH, block.Output);
        var inner_RLH = RmsNorm.Apply(attended_RLH, block.PostAttentionNorm, Options.NormEpsilon).to(_product);
        var gated = nn.functional.silu(Linear(inner_RLH, block.Gate)) * Linear(inner_RLH, block.Up);
        return (attended_RLH + Linear(gated, block.Down)).MoveToOuterDisposeScope();
    }

    /// <summary>[R, L, A, D] in the type of the masters, normed where the model norms them.</summary>
    private Tensor Heads(Tensor input_RLH, LinearWeights weights, Tensor? norm)
    {
        using var scope = NewDisposeScope();
        var heads_RLAD = Linear(input_RLH, weights).view(input_RLH.shape[0], input_RLH.shape[1], -1, Options.HeadSize).to(Compute.Master);
        return (norm is null ? heads_RLAD : RmsNorm.Apply(heads_RLAD, norm, Options.NormEpsilon)).MoveToOuterDisposeScope();
    }

    private Tensor Linear(Tensor input, LinearWeights weights)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(input, weights.Matrix.to(_product), weights.Bias?.to(_product)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights.Dispose();
        _rotary.Dispose();
    }
}
