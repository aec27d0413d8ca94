using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Causal attention on the CPU, forward and backward, in managed SIMD: softmax(Q K^T / sqrt(D)) V without ever storing the scores.</summary>
/// <remarks>
/// Numbers inside are float32 whatever the tensors are. Deterministic at any number of threads: one worker does a key head with all
/// its query heads, in order. Uses as many workers as <c>torch.get_num_threads()</c>.
/// </remarks>
internal sealed unsafe partial class FusedAttention : autograd.MultiTensorFunction<FusedAttention>
{
    private const string Padding = "padding";

    /// <inheritdoc/>
    public override string Name => nameof(FusedAttention);

    /// <summary>Whether <see cref="Apply"/> takes tensors of this type and place.</summary>
    public static bool Takes(ScalarType type, Device device) => device.type == DeviceType.CPU && type is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>Attention of <paramref name="queries"/> [B, Hq, T, D] over <paramref name="keys"/> and <paramref name="values"/> [B, Hkv, T, D]; Hkv divides Hq and each key head serves Hq / Hkv neighbours.</summary>
    /// <param name="queries">Any strides with the last one 1; float32 or bfloat16 like the others.</param>
    /// <param name="keys">See <paramref name="queries"/>.</param>
    /// <param name="values">See <paramref name="queries"/>.</param>
    /// <param name="leftPadding">Positions before each row's first token, or null for none: nothing attends to them, their outputs and gradients are zero.</param>
    /// <returns>[B, Hq, T, D], lying as [B, T, Hq, D], so that joining the heads costs nothing.</returns>
    public static Tensor Apply(Tensor queries, Tensor keys, Tensor values, long[]? leftPadding = null)
    {
        using var scope = NewDisposeScope();
        Check(queries, keys, values, leftPadding);
        return apply(Dense(queries), Dense(keys), Dense(values), leftPadding!)[0].MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (queries, keys, values, padding) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (long[]?)vars[3]);
        var output = EmptyLike(queries, zero: padding is not null);
        var logSums = empty(queries.shape[..3], ScalarType.Float32);
        var (q, k, v, o) = (Heads.Of(queries), Heads.Of(keys), Heads.Of(values), Heads.Of(output));
        var sums = (float*)Address(logSums);
        ForEachKeyHead(k, () => new AttentionForward((int)k.Length, k.Width), (kernel, row, keyHead) =>
        {
            var first = padding?[row] ?? 0;
            kernel.Load(k.Rows(row, keyHead, first), v.Rows(row, keyHead, first), (int)(k.Length - first));
            var group = q.Count / k.Count;
            for (var head = keyHead * group; head < (keyHead + 1) * group; head++)
            {
                kernel.Attend(q.Rows(row, head, first), o.Rows(row, head, first), sums + (((row * q.Count) + head) * q.Length) + first);
            }
        });
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([queries, keys, values, output, logSums]);
        ctx.save_data(Padding, padding!);
        return [output];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var padding = (long[]?)ctx.get_data(Padding);
        var gradOutput = Dense(grad_outputs[0]);
        var gradients = new List<Tensor> { EmptyLike(saved[0], padding is not null), EmptyLike(saved[1], padding is not null), EmptyLike(saved[2], padding is not null) };
        var (q, k, v, o) = (Heads.Of(saved[0]), Heads.Of(saved[1]), Heads.Of(saved[2]), Heads.Of(saved[3]));
        var (dO, dQ, dK, dV) = (Heads.Of(gradOutput), Heads.Of(gradients[0]), Heads.Of(gradients[1]), Heads.Of(gradients[2]));
        var sums = (float*)Address(saved[4]);
        ForEachKeyHead(k, () => new AttentionBackward((int)k.Length, k.Width), (kernel, row, keyHead) =>
        {
            var first = padding?[row] ?? 0;
            kernel.Load(k.Rows(row, keyHead, first), v.Rows(row, keyHead, first), (int)(k.Length - first));
            var group = q.Count / k.Count;
            for (var head = keyHead * group; head < (keyHead + 1) * group; head++)
            {
                var at = sums + (((row * q.Count) + head) * q.Length) + first;
                kernel.Attend(q.Rows(row, head, first), o.Rows(row, head, first), dO.Rows(row, head, first), at, dQ.Rows(row, head, first));
            }

            kernel.Store(dK.Rows(row, keyHead, first), dV.Rows(row, keyHead, first));
        });
        return [.. gradients.Select(gradient => gradient.MoveToOuterDisposeScope()), null!];
    }

    private static void ForEachKeyHead<TKernel>(Heads keys, Func<TKernel> make, Action<TKernel, long, long> work)
        where TKernel : IDisposable
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, get_num_threads()) };
        var tasks = keys.Batch * keys.Count;
        if (options.MaxDegreeOfParallelism == 1 || tasks == 1)
        {
            using var kernel = make();
            for (var task = 0L; task < tasks; task++)
            {
                work(kernel, task / keys.Count, task % keys.Count);
            }

            return;
        }

        Parallel.For(0L, tasks, options, make, (task, _, kernel) =>
        {
            work(kernel, task / keys.Count, task % keys.Count);
            return kernel;
        }, kernel => kernel.Dispose());
    }

    private static Tensor EmptyLike(Tensor heads, bool zero)
    {
        long[] shape = [heads.shape[0], heads.shape[2], heads.shape[1], heads.shape[3]];
        return (zero ? zeros(shape, heads.dtype) : empty(shape, heads.dtype)).transpose(1, 2);
    }

    private static Tensor Dense(Tensor heads) => heads.stride(3) == 1 || heads.shape[3] == 1 ? heads : heads.contiguous();

    private static void Check(Tensor queries, Tensor keys, Tensor values, long[]? leftPadding)
    {
        if (!Takes(queries.dtype, queries.device) || keys.dtype != queries.dtype || values.dtype != queries.dtype)
        {
            throw new ArgumentException($"float32 or bfloat16 of one kind on the CPU are taken, not {queries.dtype}, {keys.dtype}, {values.dtype} on {queries.device}", nameof(queries));
        }

        var (q, k, v) = (queries.shape, keys.shape, values.shape);
        if (q.Length != 4 || k.Length != 4 || !k.AsSpan().SequenceEqual(v) || q[0] != k[0] || q[2] != k[2] || q[3] != k[3] || k[1] == 0 || q[1] % k[1] != 0)
        {
            throw new ArgumentException($"Queries [B, Hq, T, D] and keys and values [B, Hkv, T, D] are taken, not [{string.Join(", ", q)}], [{string.Join(", ", k)}], [{string.Join(", ", v)}]", nameof(queries));
        }

        if (leftPadding is not null && (leftPadding.Length != q[0] || leftPadding.Any(first => first < 0 || first > q[2])))
        {
            throw new ArgumentException($"One count of 0 to {q[2]} for each of {q[0]} rows is taken", nameof(leftPadding));
        }
    }

    private static nint Address(Tensor tensor) => DataPointer(tensor.Handle);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint DataPointer(nint tensor);

    /// <summary>Where the heads of a [B, H, T, D] tensor lie.</summary>
    private readonly record struct Heads(nint Address, long Batch, long Count, long Length, int Width, long BatchStride, long HeadStride, long RowStride, bool IsHalf)
    {
        public static Heads Of(Tensor tensor)
        {
            var (shape, strides) = (tensor.shape, tensor.stride());
            return new Heads(FusedAttention.Address(tensor), shape[0], shape[1], shape[2], (int)shape[3], strides[0], strides[1], strides[2], tensor.dtype == ScalarType.BFloat16);
        }

        public HeadRows Rows(long batch, long head, long first)
        {
            var offset = (batch * BatchStride) + (head * HeadStride);
            return new HeadRows(Address + (nint)(offset * (IsHalf ? sizeof(ushort) : sizeof(float))), RowStride, Width, IsHalf).From(first);
        }
    }
}
