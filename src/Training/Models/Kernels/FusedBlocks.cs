// Legend: R = rows, L = positions, H = width, J = joined projections, F = width inside the SwiGLU part.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The blocks of a decoder on the CPU: libtorch's matrix products with managed kernels for everything between them.</summary>
/// <remarks>
/// A third of the calls of the plain form, and each number between two products is read and written once: query, key and value are one
/// product, so are gate and up; norms take in the residual sum before them; attention takes in the norms and turns of its heads.
/// </remarks>
internal sealed class FusedBlocks(TransformerOptions options, TransformerWeights weights, RotaryTable rotary, ScalarType product)
{
    /// <summary>Final hidden states after the last norm, float32 [R, L, H], from the embedded tokens.</summary>
    /// <param name="embedded_RLH">float32.</param>
    /// <param name="leftPadding">int64 [R], or null for none.</param>
    public Tensor Hidden(Tensor embedded_RLH, Tensor? leftPadding)
    {
        using var scope = NewDisposeScope();
        var settings = new FusedAttention.Settings(options.Heads, options.KeyValueHeads, rotary.Cos, rotary.Sin, options.NormEpsilon, leftPadding?.data<long>().ToArray());
        var (stream_RLH, update_RLH) = (embedded_RLH, (Tensor?)null);
        foreach (var block in weights.Blocks)
        {
            (stream_RLH, update_RLH) = Block(block, stream_RLH, update_RLH, settings);
        }

        return FusedNorm.Last(stream_RLH, update_RLH!, weights.FinalNorm, options.NormEpsilon, ScalarType.Float32).MoveToOuterDisposeScope();
    }

    // What a block adds to the stream is handed on beside it: the next norm sums them.
    private (Tensor Stream, Tensor Update) Block(BlockWeights block, Tensor stream_RLH, Tensor? update_RLH, FusedAttention.Settings settings)
    {
        using var scope = NewDisposeScope();
        var (normed_RLH, before_RLH) = Norm(stream_RLH, update_RLH, block.InputNorm);
        var joined_RLJ = Linear(normed_RLH, block.Query, block.Key, block.Value);
        var mixed_RLH = FusedAttention.Apply(joined_RLJ, block.QueryNorm, block.KeyNorm, settings);
        var (inner_RLH, after_RLH) = Norm(before_RLH, Linear(mixed_RLH, block.Output), block.PostAttentionNorm);
        var gated_RLF = FusedGate.Apply(Linear(inner_RLH, block.Gate, block.Up));
        return (after_RLH.MoveToOuterDisposeScope(), Linear(gated_RLF, block.Down).MoveToOuterDisposeScope());
    }

    private (Tensor Normed, Tensor Stream) Norm(Tensor stream_RLH, Tensor? update_RLH, Tensor gain_H) =>
        FusedNorm.Apply(stream_RLH, update_RLH, gain_H, options.NormEpsilon, product);

    /// <summary>One product with the rows of several matrices, one below the other.</summary>
    private Tensor Linear(Tensor input, params ReadOnlySpan<LinearWeights> parts)
    {
        using var scope = NewDisposeScope();
        var matrices = new List<Tensor>();
        var biases = new List<Tensor>();
        foreach (var part in parts)
        {
            matrices.Add(part.Matrix);
            if (part.Bias is { } bias)
            {
                biases.Add(bias);
            }
        }

        return nn.functional.linear(input, Joined(matrices).to(product), biases.Count == 0 ? null : Joined(biases).to(product)).MoveToOuterDisposeScope();
    }

    private static Tensor Joined(List<Tensor> parts) => parts.Count == 1 ? parts[0].alias() : cat(parts);
}
