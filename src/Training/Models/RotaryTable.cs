// Legend: R = rows, L = positions, A = heads, D = width of a head.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Cosines and sines of the rotary positions; pair i of a head is its entries i and i + D/2 (rotate-half) and turns by position * base^(-2i / D).</summary>
internal sealed class RotaryTable : IDisposable
{
    private const int FirstLength = 512;
    private readonly TransformerOptions _options;
    private readonly Device _device;
    private readonly ScalarType _type;

    /// <summary>A table that a later one replaced stays: a backward to come may still read it.</summary>
    private readonly List<(Tensor Cos, Tensor Sin)> _tables = [];

    /// <summary>Covers few positions at first: a context may be a thousand times as long as what is ever read.</summary>
    public RotaryTable(TransformerOptions options, Device device, ScalarType type)
    {
        (_options, _device, _type) = (options, device, type);
        Cover(1);
    }

    /// <summary>[L, D] for at least the positions covered so far, halves alike.</summary>
    public Tensor Cos => _tables[^1].Cos;

    /// <summary>[L, D] for at least the positions covered so far, halves alike.</summary>
    public Tensor Sin => _tables[^1].Sin;

    /// <summary>Makes sure that positions below <paramref name="length"/> are there.</summary>
    public void Cover(long length)
    {
        if (_tables.Count > 0 && length <= Cos.shape[0])
        {
            return;
        }

        var covered = (long)FirstLength;
        while (covered < length)
        {
            covered *= 2;
        }

        _tables.Add(Table(Math.Min(covered, _options.ContextLength)));
    }

    /// <summary>Angles are computed in double precision.</summary>
    private (Tensor Cos, Tensor Sin) Table(long length)
    {
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        var frequency_D = tensor(Enumerable.Range(0, _options.HeadSize / 2).Select(_options.RotaryFrequency).ToArray());
        var angle_LD = outer(arange(length, dtype: ScalarType.Float64), frequency_D).repeat(1, 2);
        return (angle_LD.cos().to(_type, _device).DetachFromDisposeScope(), angle_LD.sin().to(_type, _device).DetachFromDisposeScope());
    }

    /// <summary>Cosines and sines for rows of <paramref name="length"/> tokens, broadcast over [R, L, A, D]; positions start after the padding on the left.</summary>
    /// <param name="length">L.</param>
    /// <param name="leftPadding">int64 [R], or null for none.</param>
    public (Tensor Cos, Tensor Sin) For(long length, Tensor? leftPadding)
    {
        Cover(length);
        using var scope = NewDisposeScope();
        if (leftPadding is null)
        {
            return (Cos[..(int)length].unsqueeze(1).MoveToOuterDisposeScope(), Sin[..(int)length].unsqueeze(1).MoveToOuterDisposeScope());
        }

        var position_RL = (arange(length, device: leftPadding.device).unsqueeze(0) - leftPadding.unsqueeze(1)).clamp_min(0);
        return (Cos[position_RL].unsqueeze(2).MoveToOuterDisposeScope(), Sin[position_RL].unsqueeze(2).MoveToOuterDisposeScope());
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
        foreach (var (cos, sin) in _tables)
        {
            cos.Dispose();
            sin.Dispose();
        }
    }
}
