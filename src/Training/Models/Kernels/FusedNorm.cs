// Legend: R = rows, L = positions, H = width.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>A residual sum and its RMS norm in one pass over memory: s = stream + update, n = s / sqrt(mean(s^2) + epsilon) * gain.</summary>
/// <remarks>For the CPU. The stream is float32; the update and the norm have the type of the matrix products. Deterministic at any number of threads.</remarks>
internal sealed unsafe class FusedNorm : autograd.MultiTensorFunction<FusedNorm>
{
    private const string CallKey = "call";

    /// <inheritdoc/>
    public override string Name => nameof(FusedNorm);

    /// <summary>The norm in <paramref name="product"/> and the new stream in float32, both of the stream's shape.</summary>
    /// <param name="stream">float32 [..., H].</param>
    /// <param name="update">float32 or bfloat16; null for nothing to add: the stream is passed on.</param>
    /// <param name="gain_H">float32.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="product">float32 or bfloat16.</param>
    public static (Tensor Normed, Tensor Stream) Apply(Tensor stream, Tensor? update, Tensor gain_H, double epsilon, ScalarType product)
    {
        using var scope = NewDisposeScope();
        var results = apply(stream.contiguous(), update?.contiguous()!, gain_H, new Call((float)epsilon, product, KeepsSum: update is not null));
        return (results[0].MoveToOuterDisposeScope(), (update is null ? stream.alias() : results[1]).MoveToOuterDisposeScope());
    }

    /// <summary>The norm alone, where nothing reads the stream any more.</summary>
    public static Tensor Last(Tensor stream, Tensor update, Tensor gain_H, double epsilon, ScalarType product)
    {
        using var scope = NewDisposeScope();
        return apply(stream.contiguous(), update.contiguous(), gain_H, new Call((float)epsilon, product, KeepsSum: false))[0].MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (stream, update, gain, call) = ((Tensor)vars[0], (Tensor?)vars[1], (Tensor)vars[2], (Call)vars[3]);
        var normed = empty(stream.shape, call.Product);
        var sum = update is null ? stream : empty(stream.shape, ScalarType.Float32);
        var (source, summed, target) = (RowView.Of(stream), RowView.Of(sum), RowView.Of(normed));
        var added = RowView.OfOptional(update);
        RowTasks.Run(stream, () => new NormKernel(gain, call.Epsilon), (kernel, row, _) =>
        {
            source.Read(row, kernel.Stream);
            if (added is { } view)
            {
                kernel.Add(view, row, kernel.Stream);
                summed.Write(row, kernel.Stream);
            }

            kernel.Norm();
            target.Write(row, kernel.Result);
        });
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([sum, gain]);
        ctx.save_data(CallKey, call with { Update = update?.dtype });
        return call.KeepsSum ? [normed, sum] : [normed];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (sum, gain, call) = (saved[0], saved[1], (Call)ctx.get_data(CallKey));
        var outer = Given(grad_outputs[0]);
        var passed = call.KeepsSum ? Given(grad_outputs[1]) : null;
        var gradient = empty(sum.shape, ScalarType.Float32);
        var ofUpdate = call.Update is ScalarType.BFloat16 ? empty(sum.shape, ScalarType.BFloat16) : null;
        using var shares = new TaskSums(RowTasks.Count(sum), (int)sum.shape[^1]);
        var (source, target, half) = (RowView.Of(sum), RowView.Of(gradient), RowView.OfOptional(ofUpdate));
        var (normed, beside) = (RowView.OfOptional(outer), RowView.OfOptional(passed));
        RowTasks.Run(sum, () => new NormKernel(gain, call.Epsilon), (kernel, row, task) =>
        {
            source.Read(row, kernel.Stream);
            kernel.Return(normed, beside, row, shares.Of(task));
            target.Write(row, kernel.Result);
            half?.Write(row, kernel.Result);
        });
        var gainGradient = shares.Total();
        return
        [
            gradient.MoveToOuterDisposeScope(),
            call.Update is not null ? (ofUpdate ?? gradient.alias()).MoveToOuterDisposeScope() : null!,
            gainGradient.MoveToOuterDisposeScope(),
            null!,
        ];
    }

    // Of several outputs one may have gone unused.
    private static Tensor? Given(Tensor gradient) => gradient.IsInvalid ? null : gradient.contiguous();

    private sealed record Call(float Epsilon, ScalarType Product, bool KeepsSum)
    {
        public ScalarType? Update { get; init; }
    }
}
