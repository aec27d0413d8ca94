// Legend: R = rows, L = positions, A = query heads, K = key heads, D = width of a head.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Causal attention on the CPU, forward and backward, in managed SIMD: norm and rotary turn of the heads, softmax(Q K^T / sqrt(D)) V, without ever storing the scores.</summary>
/// <remarks>
/// Numbers inside are float32 whatever the tensors are. Deterministic at any number of threads: one worker does a key head with all
/// its query heads, in order.
/// </remarks>
internal sealed unsafe class FusedAttention : autograd.MultiTensorFunction<FusedAttention>
{
    private const string SettingsKey = "settings";

    /// <inheritdoc/>
    public override string Name => nameof(FusedAttention);

    /// <summary>What a call is made with besides its differentiable tensors.</summary>
    /// <param name="QueryHeads">A.</param>
    /// <param name="KeyHeads">K; divides A, and query head a reads key head a K / A.</param>
    /// <param name="Cos">float32 [positions, D], contiguous, its halves alike; null where nothing turns. The caller keeps it alive until the backward is done.</param>
    /// <param name="Sin">Likewise.</param>
    /// <param name="Epsilon">Of the norms.</param>
    /// <param name="LeftPadding">Positions before each row's first token, or null for none: nothing attends to them, their outputs and gradients are zero, and positions count after them.</param>
    public sealed record Settings(int QueryHeads, int KeyHeads, Tensor? Cos, Tensor? Sin, double Epsilon, long[]? LeftPadding);

    /// <summary>Attention over the joined projections.</summary>
    /// <param name="joined_RLJ">[R, L, (A + 2 K) D], contiguous, float32 or bfloat16: queries, keys, values.</param>
    /// <param name="queryGain_D">float32; null for no norm.</param>
    /// <param name="keyGain_D">float32; null for no norm.</param>
    /// <param name="settings">The rest.</param>
    /// <returns>[R, L, A D].</returns>
    public static Tensor Apply(Tensor joined_RLJ, Tensor? queryGain_D, Tensor? keyGain_D, Settings settings)
    {
        using var scope = NewDisposeScope();
        Check(joined_RLJ, settings);
        return apply(joined_RLJ.contiguous(), queryGain_D!, keyGain_D!, settings)[0].MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (joined, queryGain, keyGain, settings) = ((Tensor)vars[0], (Tensor?)vars[1], (Tensor?)vars[2], (Settings)vars[3]);
        var layout = new JoinedHeads(joined.shape, settings);
        var output = Empty([layout.Rows, layout.Length, layout.QueryHeads * layout.Width], joined.dtype, settings);
        var logSums = empty([layout.Rows, layout.QueryHeads, layout.Length], ScalarType.Float32);
        using var turns = new HeadTurns(layout.Width, queryGain, keyGain, settings);
        var (source, target, sums) = (RowView.Of(joined), RowView.Of(output), TensorMemory.Address(logSums));
        TensorMemory.ForEach(layout.Tasks, () => new AttentionForward((int)layout.Length, turns.Query, turns.Key), (kernel, task) =>
        {
            kernel.Load(layout.Key(source, task), layout.Value(source, task), layout.Positions(task));
            for (var (head, end) = layout.Group(task); head < end; head++)
            {
                kernel.Attend(layout.Query(source, task, head), layout.Output(target, task, head), (float*)sums + layout.Sums(task, head));
            }
        });
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([joined, queryGain!, keyGain!, output, logSums]);
        ctx.save_data(SettingsKey, settings);
        return [output];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        var settings = (Settings)ctx.get_data(SettingsKey);
        var saved = ctx.get_saved_variables();
        var (joined, queryGain, keyGain, output, logSums) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        var layout = new JoinedHeads(joined.shape, settings);
        var gradient = Empty(joined.shape, joined.dtype, settings);
        using var queryGains = new TaskSums(layout.Tasks, layout.Width);
        using var keyGains = new TaskSums(layout.Tasks, layout.Width);
        using var turns = new HeadTurns(layout.Width, queryGain, keyGain, settings);
        var (source, result, outer, target) = (RowView.Of(joined), RowView.Of(output), RowView.Of(grad_outputs[0].contiguous()), RowView.Of(gradient));
        var sums = TensorMemory.Address(logSums);
        TensorMemory.ForEach(layout.Tasks, () => new AttentionBackward((int)layout.Length, turns.Query, turns.Key), (kernel, task) =>
        {
            kernel.Load(layout.Key(source, task), layout.Value(source, task), layout.Positions(task));
            for (var (head, end) = layout.Group(task); head < end; head++)
            {
                kernel.Attend(
                    layout.Query(source, task, head), layout.Output(result, task, head), layout.Output(outer, task, head),
                    (float*)sums + layout.Sums(task, head), layout.Query(target, task, head), queryGains.Of(task));
            }

            kernel.Store(layout.Key(target, task), layout.Value(target, task), keyGains.Of(task));
        });
        return
        [
            gradient.MoveToOuterDisposeScope(),
            queryGain is null ? null! : queryGains.Total().MoveToOuterDisposeScope(),
            keyGain is null ? null! : keyGains.Total().MoveToOuterDisposeScope(),
            null!,
        ];
    }

    // What a padded position holds must be zero; elsewhere every number is written.
    private static Tensor Empty(long[] shape, ScalarType type, Settings settings) => settings.LeftPadding is null ? empty(shape, type) : zeros(shape, type);

    private static void Check(Tensor joined, Settings settings)
    {
        var (queryHeads, keyHeads, padding) = (settings.QueryHeads, settings.KeyHeads, settings.LeftPadding);
        if (!TensorMemory.IsManaged(joined.dtype, joined.device))
        {
            throw new ArgumentException($"float32 or bfloat16 on the CPU is taken, not {joined.dtype} on {joined.device}", nameof(joined));
        }

        var shape = joined.shape;
        if (shape.Length != 3 || keyHeads < 1 || queryHeads % keyHeads != 0 || shape[2] % (queryHeads + (2 * keyHeads)) != 0)
        {
            throw new ArgumentException($"[R, L, ({queryHeads} + 2 x {keyHeads}) D] is taken, not [{string.Join(", ", shape)}]", nameof(joined));
        }

        if (padding is not null && (padding.Length != shape[0] || padding.Any(first => first < 0 || first > shape[1])))
        {
            throw new ArgumentException($"One count of 0 to {shape[1]} for each of {shape[0]} rows is taken", nameof(settings));
        }
    }
}
