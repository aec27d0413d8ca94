// Legend: F = width inside the SwiGLU part.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The gated unit of SwiGLU in one pass over memory, on the CPU: silu(gate) * up, with silu(x) = x / (1 + e^-x) (Shazeer 2020).</summary>
internal sealed unsafe class FusedGate : autograd.SingleTensorFunction<FusedGate>
{
    /// <inheritdoc/>
    public override string Name => nameof(FusedGate);

    /// <summary>[..., F] in the type of its input.</summary>
    /// <param name="joined">[..., 2 F], float32 or bfloat16: gates, then ups.</param>
    public static Tensor Apply(Tensor joined)
    {
        using var scope = NewDisposeScope();
        return apply(joined.contiguous()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var joined = (Tensor)vars[0];
        var width = (int)joined.shape[^1] / 2;
        var result = empty([.. joined.shape[..^1], width], joined.dtype);
        var (source, target) = (RowView.Of(joined), RowView.Of(result));
        RowTasks.Run(joined, () => new GateBuffers(width), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (buffers, row, _) =>
        {
            source.Columns(0, width).Read(row, buffers.Gate);
            source.Columns(width, width).Read(row, buffers.Up);
            for (var column = 0; column < width; column += SimdTile.Lanes)
            {
                var gate = Vector512.Load(buffers.Gate + column);
                (gate * SimdMath.Sigmoid(gate) * Vector512.Load(buffers.Up + column)).Store(buffers.Gate + column);
            }

            target.Write(row, buffers.Gate);
        });
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([joined]);
        return result;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var joined = ctx.get_saved_variables()[0];
        var width = (int)joined.shape[^1] / 2;
        var gradient = empty(joined.shape, joined.dtype);
        var (source, outer, target) = (RowView.Of(joined), RowView.Of(grad_output.contiguous()), RowView.Of(gradient));
        RowTasks.Run(joined, () => new GateBuffers(width), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (buffers, row, _) =>
        {
            source.Columns(0, width).Read(row, buffers.Gate);
            source.Columns(width, width).Read(row, buffers.Up);
            outer.Read(row, buffers.Outer);
            for (var column = 0; column < width; column += SimdTile.Lanes)
            {
                var (gate, up, grad) = (Vector512.Load(buffers.Gate + column), Vector512.Load(buffers.Up + column), Vector512.Load(buffers.Outer + column));
                var sigmoid = SimdMath.Sigmoid(gate);
                var silu = gate * sigmoid;
                // silu' = sigmoid + silu (1 - sigmoid)
                (grad * up * Vector512.FusedMultiplyAdd(silu, Vector512<float>.One - sigmoid, sigmoid)).Store(buffers.Gate + column);
                (grad * silu).Store(buffers.Up + column);
            }

            target.Columns(0, width).Write(row, buffers.Gate);
            target.Columns(width, width).Write(row, buffers.Up);
        });
        return [gradient.MoveToOuterDisposeScope()];
    }

    private sealed class GateBuffers : IDisposable
    {
        private readonly KernelBuffers _buffers = new();

        public GateBuffers(int width)
        {
            var padded = SimdTile.Up(width);
            Gate = _buffers.Rent(padded);
            Up = _buffers.Rent(padded);
            Outer = _buffers.Rent(padded);
        }

        public float* Gate { get; }

        public float* Up { get; }

        public float* Outer { get; }

        public void Dispose() => _buffers.Dispose();
    }
}
