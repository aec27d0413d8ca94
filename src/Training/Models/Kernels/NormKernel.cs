using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The RMS norm of one row and its way back, in buffers padded with zeros to whole vectors.</summary>
internal sealed unsafe class NormKernel : IDisposable
{
    private readonly KernelBuffers _buffers = new();
    private readonly int _width;
    private readonly float _epsilon;
    private readonly float* _gain;
    private readonly float* _outer;

    public NormKernel(Tensor gain_H, float epsilon)
    {
        (_width, _epsilon) = ((int)gain_H.shape[0], epsilon);
        var padded = SimdTile.Up(_width);
        Stream = _buffers.Rent(padded);
        Result = _buffers.Rent(padded);
        _outer = _buffers.Rent(padded);
        _gain = _buffers.Rent(padded);
        RowView.Of(gain_H).Read(0, _gain);
    }

    /// <summary>The row to be normed.</summary>
    public float* Stream { get; }

    /// <summary>What the norm or its way back made.</summary>
    public float* Result { get; }

    /// <summary>Adds row <paramref name="row"/> to <paramref name="target"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(RowView update, long row, float* target)
    {
        update.Read(row, _outer);
        for (var column = 0; column < _width; column += SimdTile.Lanes)
        {
            (Vector512.Load(target + column) + Vector512.Load(_outer + column)).Store(target + column);
        }
    }

    /// <summary>Result = stream * scale * gain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Norm()
    {
        var scale = Vector512.Create(Scale());
        for (var column = 0; column < _width; column += SimdTile.Lanes)
        {
            (Vector512.Load(Stream + column) * scale * Vector512.Load(_gain + column)).Store(Result + column);
        }
    }

    /// <summary>Result = the gradient of the row from those of its norm and of itself, either of which may be absent; the gain's is added to <paramref name="gradGain"/>.</summary>
    public void Return(RowView? normed, RowView? passed, long row, float* gradGain)
    {
        new Span<float>(Result, _width).Clear();
        if (normed is { } view)
        {
            view.Read(row, _outer);
            Return(gradGain);
        }

        if (passed is { } beside)
        {
            Add(beside, row, Result);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffers.Dispose();

    // n = c g s with c = (mean s^2 + epsilon)^(-1/2): ds = c g dn - s c^3 / H sum(g dn s).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Return(float* gradGain)
    {
        var dots = Vector512<float>.Zero;
        for (var column = 0; column < _width; column += SimdTile.Lanes)
        {
            dots = Vector512.FusedMultiplyAdd(Vector512.Load(_outer + column) * Vector512.Load(_gain + column), Vector512.Load(Stream + column), dots);
        }

        var factor = Scale();
        var scale = Vector512.Create(factor);
        var share = Vector512.Create(Vector512.Sum(dots) * factor * factor * factor / _width);
        for (var column = 0; column < _width; column += SimdTile.Lanes)
        {
            var (outer, stream) = (Vector512.Load(_outer + column), Vector512.Load(Stream + column));
            Vector512.FusedMultiplyAdd(outer * stream, scale, Vector512.Load(gradGain + column)).Store(gradGain + column);
            ((outer * Vector512.Load(_gain + column) * scale) - (stream * share)).Store(Result + column);
        }
    }

    private float Scale()
    {
        var squares = Vector512<float>.Zero;
        for (var column = 0; column < _width; column += SimdTile.Lanes)
        {
            var value = Vector512.Load(Stream + column);
            squares = Vector512.FusedMultiplyAdd(value, value, squares);
        }

        return 1f / MathF.Sqrt((Vector512.Sum(squares) / _width) + _epsilon);
    }
}
