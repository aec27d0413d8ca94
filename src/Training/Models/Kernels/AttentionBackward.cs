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

    private readonly AttentionWorkspace _workspace = new();
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
    private int _length;

    /// <summary>Buffers for up to <paramref name="length"/> positions of heads of <paramref name="width"/> numbers.</summary>
    public AttentionBackward(int length, int width)
    {
        _width = width;
        _padded = AttentionLayout.Up(width);
        var positions = AttentionLayout.Up(length);
        var size = (long)positions * _padded;
        _keys = _workspace.Rent(size);
        _keyPanels = _workspace.Rent(size);
        _valuePanels = _workspace.Rent(size);
        _queries = _workspace.Rent(size);
        _gradOut = _workspace.Rent(size);
        _gradQueries = _workspace.Rent(size);
        _gradKeys = _workspace.Rent(size);
        _gradValues = _workspace.Rent(size);
        _logSums = _workspace.Rent(positions);
        _deltas = _workspace.Rent(positions);
        _powers = _workspace.Rent(Block * BlockStride);
        _gradScores = _workspace.Rent(Block * BlockStride);
    }

    private int KeyGroups => (_length + SimdTile.Rows - 1) / SimdTile.Rows * SimdTile.Rows;

    /// <summary>Takes the keys and values of <paramref name="length"/> positions and starts their gradients at zero.</summary>
    public void Load(HeadRows keys, HeadRows values, int length)
    {
        _length = length;
        AttentionLayout.Pack(values, length, 1f, _keys, _padded);
        AttentionLayout.ToPanels(_keys, length, _width, _padded, _valuePanels);
        AttentionLayout.Pack(keys, length, 1f, _keys, _padded);
        AttentionLayout.ToPanels(_keys, length, _width, _padded, _keyPanels);
        var used = AttentionLayout.Up(length) * _padded;
        new Span<float>(_gradKeys, used).Clear();
        new Span<float>(_gradValues, used).Clear();
    }

    /// <summary>Adds what one query head gives to the gradients of keys and values, and writes the gradient of its queries.</summary>
    public void Attend(HeadRows queries, HeadRows output, HeadRows gradOutput, float* logSums, HeadRows gradQueries)
    {
        AttentionLayout.Pack(queries, _length, AttentionLayout.QueryFactor(_width), _queries, _padded);
        AttentionLayout.Pack(gradOutput, _length, 1f, _gradOut, _padded);
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

        var scale = (float)(1 / Math.Sqrt(_width));
        for (var row = 0; row < _length; row++)
        {
            gradQueries.Write(row, _gradQueries + ((long)row * _padded), scale);
        }
    }

    /// <summary>Writes the gradients of keys and values.</summary>
    public void Store(HeadRows gradKeys, HeadRows gradValues)
    {
        var natural = (float)(1 / Math.Log2(Math.E)); // the scale is in the queries already, with a log2(e) too many
        for (var row = 0; row < _length; row++)
        {
            gradKeys.Write(row, _gradKeys + ((long)row * _padded), natural);
            gradValues.Write(row, _gradValues + ((long)row * _padded), 1f);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _workspace.Dispose();

    // The gradient's buffer of queries serves for the outputs until the blocks fill it.
    private void LoadRowSums(HeadRows output, float* logSums)
    {
        AttentionLayout.Pack(output, _length, 1f, _gradQueries, _padded);
        for (var row = 0; row < AttentionLayout.Up(_length); row++)
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
        var panels = AttentionLayout.Panels(keys);
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
