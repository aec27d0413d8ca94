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

    private CausalLm(TransformerOptions options, ComputeOptions compute, Func<string, long[], Tensor> make)
    {
        Options = OptionsGuard.Checked(options);
        Compute = OptionsGuard.Checked(compute);
        Device = compute.Resolve();
        _product = compute.Product;
        using var scope = NewDisposeScope();
        Weights = new TransformerWeights(options, (name, shape) => make(name, shape).to(compute.Master, Device));
        _rotary = new RotaryTable(options, Device, compute.Master);
    }

    /// <inheritdoc/>
    public TransformerOptions Options { get; }

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
    public static CausalLm Create(TransformerOptions options, Initialization initialization, Seed seed, ComputeOptions compute)
    {
        TorchNative.EnsureLoaded();
        return new CausalLm(options, compute, new WeightInitializer(options, initialization, seed).Make);
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

        using var scope = NewDisposeScope();
        var at = _rotary.For(length, batch.LeftPadding);
        var stream_RLH = Weights.Embedding.index_select(0, batch.InputIds.flatten()).view(batch.InputIds.shape[0], length, -1);
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
