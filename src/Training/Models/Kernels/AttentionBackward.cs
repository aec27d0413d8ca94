using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>Gradients of <see cref="AttentionForward"/> for one key head and the query heads that share it; probabilities are computed again from the saved sums.</summary>
/// <remarks>
/// With P the probabilities and delta_i = dO_i . O_i: dV = P^T dO, dS = P * (dO V^T - delta), dQ = dS K / sqrt(D), dK = dS^T Q / sqrt(D)
/// (Dao et al. 2022, algorithm 4). Blocks of 64 x 64 scores stay in the first-level cache; rows before a block's keys are never visited.
/// </remarks>
internal sealed unsafe class AttentionBackward : IDisposable
{
    private const int Block = 64;
    private const int BlockStride = Block + SimdTile.Lanes; // off the powers of two, which would share cache sets

    private readonly KernelBuffers _buffers = new();
    private readonly int _width;
    private readonly int _padded;
    private readonly float* _keys;
    private readonly float* _keyPanels;
    private readonly float* _valuePanels;
    private readonly float* _queries;
    private readonly float* _gradOut;
    private readonly float* _gradQueries;
    private readonly float* _gradKeys;
    private readonly float* _gradValues;
    private readonly float* _logSums;
    private readonly float* _deltas;
    private readonly float* _powers;
    private readonly float* _gradScores;
    private readonly float* _row;
    private readonly HeadTurn _queryTurn;
    private readonly HeadTurn _keyTurn;
    private RowView _keySource;
    private int _length;

    /// <summary>Buffers for up to <paramref name="length"/> positions; heads are turned as given.</summary>
    public AttentionBackward(int length, HeadTurn queryTurn, HeadTurn keyTurn)
    {
        (_queryTurn, _keyTurn) = (queryTurn, keyTurn);
        var width = queryTurn.Width;
        _width = width;
        _padded = SimdTile.Up(width);
        var positions = SimdTile.Up(length);
        var size = (long)positions * _padded;
        _keys = _buffers.Rent(size);
        _keyPanels = _buffers.Rent(size);
        _valuePanels = _buffers.Rent(size);
        _queries = _buffers.Rent(size);
        _gradOut = _buffers.Rent(size);
        _gradQueries = _buffers.Rent(size);
        _gradKeys = _buffers.Rent(size);
        _gradValues = _buffers.Rent(size);
        _logSums = _buffers.Rent(positions);
        _deltas = _buffers.Rent(positions);
        _powers = _buffers.Rent(Block * BlockStride);
        _gradScores = _buffers.Rent(Block * BlockStride);
        _row = _buffers.Rent(_padded);
    }

    private int KeyGroups => (_length + SimdTile.Rows - 1) / SimdTile.Rows * SimdTile.Rows;

    /// <summary>Takes the keys and values of <paramref name="length"/> positions and starts their gradients at zero.</summary>
    public void Load(RowView keys, RowView values, int length)
    {
        (_length, _keySource) = (length, keys);
        AttentionLayout.Pack(values, length, _keys, _padded);
        AttentionLayout.ToPanels(_keys, length, _width, _padded, _valuePanels);
        AttentionLayout.Pack(keys, length, _keys, _padded);
        _keyTurn.Apply(_keys, length);
        AttentionLayout.ToPanels(_keys, length, _width, _padded, _keyPanels);
        var used = SimdTile.Up(length) * _padded;
        new Span<float>(_gradKeys, used).Clear();
        new Span<float>(_gradValues, used).Clear();
    }

    /// <summary>Adds what one query head gives to the gradients of keys and values, writes the gradient of its queries and adds that of their gain.</summary>
    public void Attend(RowView queries, RowView output, RowView gradOutput, float* logSums, RowView gradQueries, float* gradGain)
    {
        AttentionLayout.Pack(queries, _length, _queries, _padded);
        _queryTurn.Apply(_queries, _length);
        AttentionLayout.Scale(_queries, _length, _padded, AttentionLayout.QueryFactor(_width));
        AttentionLayout.Pack(gradOutput, _length, _gradOut, _padded);
        LoadRowSums(output, logSums);
        for (var firstKey = 0; firstKey < _length; firstKey += Block)
        {
            for (var firstRow = firstKey; firstRow < _length; firstRow += Block)
            {
                var endRow = Math.Min(firstRow + Block, KeyGroups);
                for (var row = firstRow; row < endRow; row += SimdTile.Rows)
                {
                    Rows(row, firstRow, firstKey);
                }

                Keys(firstKey, firstRow, endRow);
            }
        }

        Return(_gradQueries, (float)(1 / Math.Sqrt(_width)), _queryTurn, queries, gradQueries, gradGain);
    }

    /// <summary>Writes the gradients of keys and values and adds that of the keys' gain.</summary>
    public void Store(RowView gradKeys, RowView gradValues, float* gradGain)
    {
        // The scale is in the queries already, with a log2(e) too many.
        Return(_gradKeys, (float)(1 / Math.Log2(Math.E)), _keyTurn, _keySource, gradKeys, gradGain);
        for (var row = 0; row < _length; row++)
        {
            gradValues.Write(row, _gradValues + ((long)row * _padded));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffers.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Return(float* gradients, float factor, HeadTurn turn, RowView source, RowView target, float* gradGain)
    {
        AttentionLayout.Scale(gradients, _length, _padded, factor);
        for (var row = 0; row < _length; row++, gradients += _padded)
        {
            source.Read(row, _row);
            turn.Return(gradients, _row, row, gradGain);
            target.Write(row, gradients);
        }
    }

    // The gradient's buffer of queries serves for the outputs until the blocks fill it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadRowSums(RowView output, float* logSums)
    {
        AttentionLayout.Pack(output, _length, _gradQueries, _padded);
        for (var row = 0; row < SimdTile.Up(_length); row++)
        {
            var sum = Vector512<float>.Zero;
            for (var column = (long)row * _padded; column < (row + 1L) * _padded; column += SimdTile.Lanes)
            {
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(_gradQueries + column), Vector512.Load(_gradOut + column), sum);
            }

            _deltas[row] = Vector512.Sum(sum);
            _logSums[row] = row < _length ? logSums[row] : 0f;
        }
    }

    // Probabilities and score gradients of eight rows against one block of keys, and their share of the queries' gradient.
    private void Rows(int row, int firstRow, int firstKey)
    {
        var keys = Math.Min(Block, row + SimdTile.Rows - firstKey);
        var panels = SimdTile.Panels(keys);
        var powers = _powers + ((row - firstRow) * BlockStride);
        var gradScores = _gradScores + ((row - firstRow) * BlockStride);
        var at = (long)row * _padded;
        var panel = (long)firstKey * _padded;
        SimdTile.Multiply(_queries + at, _padded, 1, _keyPanels + panel, _padded * SimdTile.Lanes, SimdTile.Lanes, _width, powers, BlockStride, panels, add: false);
        SimdTile.Multiply(_gradOut + at, _padded, 1, _valuePanels + panel, _padded * SimdTile.Lanes, SimdTile.Lanes, _width, gradScores, BlockStride, panels, add: false);
        for (var index = 0; index < SimdTile.Rows; index++)
        {
            Scores(powers + (index * BlockStride), gradScores + (index * BlockStride), panels, row + index, firstKey);
        }

        SimdTile.Multiply(gradScores, BlockStride, 1, _keys + panel, SimdTile.Lanes, _padded, keys, _gradQueries + at, _padded, _padded / SimdTile.Lanes, add: firstKey > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scores(float* powers, float* gradScores, int panels, int row, int firstKey)
    {
        var (logSum, delta) = (Vector512.Create(_logSums[row]), Vector512.Create(_deltas[row]));
        for (var column = 0; column < panels * SimdTile.Lanes; column += SimdTile.Lanes)
        {
            var power = SimdMath.Exp2(Vector512.Load(powers + column) - logSum);
            if (firstKey + column + SimdTile.Lanes > row)
            {
                power = Vector512.ConditionalSelect(AttentionLayout.Seen(row - firstKey - column), power, Vector512<float>.Zero);
            }

            power.Store(powers + column);
            (power * (Vector512.Load(gradScores + column) - delta)).Store(gradScores + column);
        }
    }

    // What the rows of one block give to the gradients of the keys and values of another: the transposed products.
    private void Keys(int firstKey, int firstRow, int endRow)
    {
        var endKey = Math.Min(Math.Min(firstKey + Block, KeyGroups), endRow);
        for (var key = firstKey; key < endKey; key += SimdTile.Rows)
        {
            var start = Math.Max(firstRow, key);
            var from = ((start - firstRow) * BlockStride) + key - firstKey;
            var (at, seen) = ((long)key * _padded, (long)start * _padded);
            SimdTile.Multiply(_powers + from, 1, BlockStride, _gradOut + seen, SimdTile.Lanes, _padded, endRow - start, _gradValues + at, _padded, _padded / SimdTile.Lanes, add: true);
            SimdTile.Multiply(_gradScores + from, 1, BlockStride, _queries + seen, SimdTile.Lanes, _padded, endRow - start, _gradKeys + at, _padded, _padded / SimdTile.Lanes, add: true);
        }
    }
}
