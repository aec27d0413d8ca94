using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>Causal attention of one key head and the query heads that share it: eight rows at a time, two passes over their scores.</summary>
/// <remarks>Queries are scaled by log2(e) / sqrt(D), so that the softmax is one of powers of two. Keys lie in panels of sixteen positions, values in rows.</remarks>
internal sealed unsafe class AttentionForward : IDisposable
{
    private readonly KernelBuffers _buffers = new();
    private readonly int _width;
    private readonly int _padded;
    private readonly int _scoreStride;
    private readonly float* _rows;
    private readonly float* _keys;
    private readonly float* _values;
    private readonly float* _scores;
    private readonly float* _out;
    private readonly float* _sums;
    private readonly HeadTurn _queryTurn;
    private readonly HeadTurn _keyTurn;
    private int _length;

    /// <summary>Buffers for up to <paramref name="length"/> positions; heads are turned as given.</summary>
    public AttentionForward(int length, HeadTurn queryTurn, HeadTurn keyTurn)
    {
        (_queryTurn, _keyTurn) = (queryTurn, keyTurn);
        var width = queryTurn.Width;
        _width = width;
        _padded = SimdTile.Up(width);
        var positions = SimdTile.Up(length);
        _scoreStride = positions + SimdTile.Lanes; // off the powers of two, which would share cache sets
        _rows = _buffers.Rent((long)positions * _padded);
        _keys = _buffers.Rent((long)positions * _padded);
        _values = _buffers.Rent((long)positions * _padded);
        _scores = _buffers.Rent((long)SimdTile.Rows * _scoreStride);
        _out = _buffers.Rent((long)SimdTile.Rows * _padded);
        _sums = _buffers.Rent(SimdTile.Rows);
    }

    /// <summary>Takes the keys and values of <paramref name="length"/> positions.</summary>
    public void Load(RowView keys, RowView values, int length)
    {
        _length = length;
        AttentionLayout.Pack(keys, length, _rows, _padded);
        _keyTurn.Apply(_rows, length);
        AttentionLayout.ToPanels(_rows, length, _width, _padded, _keys);
        AttentionLayout.Pack(values, length, _values, _padded);
    }

    /// <summary>Attends with one query head; <paramref name="logSums"/> gets log2 of the sum of each row's powers.</summary>
    public void Attend(RowView queries, RowView output, float* logSums)
    {
        AttentionLayout.Pack(queries, _length, _rows, _padded);
        _queryTurn.Apply(_rows, _length);
        AttentionLayout.Scale(_rows, _length, _padded, AttentionLayout.QueryFactor(_width));
        for (var first = 0; first < _length; first += SimdTile.Rows)
        {
            var keys = Math.Min(_length, first + SimdTile.Rows);
            var panels = SimdTile.Panels(keys);
            SimdTile.Multiply(_rows + ((long)first * _padded), _padded, 1, _keys, _padded * SimdTile.Lanes, SimdTile.Lanes, _width, _scores, _scoreStride, panels, add: false);
            for (var row = first; row < keys; row++)
            {
                var (sum, largest) = Softmax(_scores + ((row - first) * _scoreStride), panels, row);
                _sums[row - first] = sum;
                logSums[row] = largest + MathF.Log2(sum);
            }

            SimdTile.Multiply(_scores, _scoreStride, 1, _values, SimdTile.Lanes, _padded, keys, _out, _padded, _padded / SimdTile.Lanes, add: false);
            for (var row = first; row < keys; row++)
            {
                output.Write(row, _out + ((row - first) * _padded), 1f / _sums[row - first]);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffers.Dispose();

    // Only the last panel can hold keys after the row: there they get no power at all, not a small one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Sum, float Largest) Softmax(float* scores, int panels, int row)
    {
        var last = (panels - 1) * SimdTile.Lanes;
        var seen = AttentionLayout.Seen(row - last);
        var tail = Vector512.ConditionalSelect(seen, Vector512.Load(scores + last), Vector512.Create(float.NegativeInfinity));
        var high = tail;
        for (var column = 0; column < last; column += SimdTile.Lanes)
        {
            high = Vector512.Max(high, Vector512.Load(scores + column));
        }

        var largest = SimdMath.Largest(high);
        var shift = Vector512.Create(largest);
        var power = Vector512.ConditionalSelect(seen, SimdMath.Exp2(tail - shift), Vector512<float>.Zero);
        power.Store(scores + last);
        var sum = power;
        for (var column = 0; column < last; column += SimdTile.Lanes)
        {
            power = SimdMath.Exp2(Vector512.Load(scores + column) - shift);
            power.Store(scores + column);
            sum += power;
        }

        return (Vector512.Sum(sum), largest);
    }
}
