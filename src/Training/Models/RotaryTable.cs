// Legend: R = rows, L = positions, A = heads, D = width of a head.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Cosines and sines of the rotary positions; pair i of a head is its entries i and i + D/2 (rotate-half) and turns by position * base^(-2i / D).</summary>
internal sealed class RotaryTable : IDisposable
{
    private readonly Tensor _cos_LD;
    private readonly Tensor _sin_LD;

    /// <summary>For every position below the context length; angles are computed in double precision.</summary>
    public RotaryTable(TransformerOptions options, Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var exponent_D = arange(0, options.HeadSize, 2, dtype: ScalarType.Float64).div(options.HeadSize);
        var frequency_D = pow(options.RopeBase, exponent_D).reciprocal();
        var angle_LD = outer(arange(options.ContextLength, dtype: ScalarType.Float64), frequency_D).repeat(1, 2);
        _cos_LD = angle_LD.cos().to(type, device).DetachFromDisposeScope();
        _sin_LD = angle_LD.sin().to(type, device).DetachFromDisposeScope();
    }

    /// <summary>[ContextLength, D], halves alike.</summary>
    public Tensor Cos => _cos_LD;

    /// <summary>[ContextLength, D], halves alike.</summary>
    public Tensor Sin => _sin_LD;

    /// <summary>Cosines and sines for rows of <paramref name="length"/> tokens, broadcast over [R, L, A, D]; positions start after the padding on the left.</summary>
    /// <param name="length">L.</param>
    /// <param name="leftPadding">int64 [R], or null for none.</param>
    public (Tensor Cos, Tensor Sin) For(long length, Tensor? leftPadding)
    {
        using var scope = NewDisposeScope();
        if (leftPadding is null)
        {
            return (_cos_LD[..(int)length].unsqueeze(1).MoveToOuterDisposeScope(), _sin_LD[..(int)length].unsqueeze(1).MoveToOuterDisposeScope());
        }

        var position_RL = (arange(length, device: leftPadding.device).unsqueeze(0) - leftPadding.unsqueeze(1)).clamp_min(0);
        return (_cos_LD[position_RL].unsqueeze(2).MoveToOuterDisposeScope(), _sin_LD[position_RL].unsqueeze(2).MoveToOuterDisposeScope());
    }

    /// <summary>Turns each head of [R, L, A, D].</summary>
    public static Tensor Turn(Tensor heads_RLAD, (Tensor Cos, Tensor Sin) at)
    {
        using var scope = NewDisposeScope();
        var halves = heads_RLAD.chunk(2, -1);
        var turned_RLAD = cat([-halves[1], halves[0]], -1);
        return ((heads_RLAD * at.Cos) + (turned_RLAD * at.Sin)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cos_LD.Dispose();
        _sin_LD.Dispose();
    }
}
