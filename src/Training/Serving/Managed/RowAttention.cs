using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>Attention of one query head at one position over the blocks of its sequence.</summary>
/// <remarks>Its sums go over positions in an order that depends on the position alone, so the result does not depend on what else is computed.</remarks>
internal sealed class RowAttention(TransformerOptions options)
{
    private const int Width = VectorMath.Width;
    private readonly float[] _scores = new float[VectorMath.Padded(options.ContextLength)];
    private readonly float _scale = 1 / MathF.Sqrt(options.HeadSize);
    private readonly int _headSize = options.HeadSize;
    private readonly int _padded = VectorMath.Padded(options.HeadSize);

    /// <summary>softmax(q k / sqrt(D)) v over positions 0 to <paramref name="position"/>.</summary>
    /// <param name="query">The query, D long.</param>
    /// <param name="blocks">Blocks of the sequence.</param>
    /// <param name="keyAt">Where the layer and key head begin in the keys of a block.</param>
    /// <param name="valueAt">Where they begin in the values of a block.</param>
    /// <param name="position">The position of the query.</param>
    /// <param name="output">Receives D floats.</param>
    public void Attend(ReadOnlySpan<float> query, ReadOnlySpan<CacheBlock> blocks, int keyAt, int valueAt, int position, Span<float> output)
    {
        var count = (position / Width) + 1;
        Score(query, blocks, keyAt, count);
        for (var masked = position + 1; masked < count * Width; masked++)
        {
            _scores[masked] = float.NegativeInfinity;
        }

        var sum = Exponentials(count);
        for (var at = 0; at < _padded; at += Width)
        {
            var mixed = Mix(blocks, valueAt + at, position) / sum;
            if (at + Width <= _headSize)
            {
                mixed.CopyTo(output[at..]);
            }
            else
            {
                for (var lane = 0; at + lane < _headSize; lane++)
                {
                    output[at + lane] = mixed[lane];
                }
            }
        }
    }

    private void Score(ReadOnlySpan<float> query, ReadOnlySpan<CacheBlock> blocks, int keyAt, int count)
    {
        var block = 0;
        for (; block + 4 <= count; block += 4)
        {
            ref var k0 = ref blocks[block].Keys[keyAt];
            ref var k1 = ref blocks[block + 1].Keys[keyAt];
            ref var k2 = ref blocks[block + 2].Keys[keyAt];
            ref var k3 = ref blocks[block + 3].Keys[keyAt];
            var (s0, s1, s2, s3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            for (var i = 0; i < query.Length; i++)
            {
                var q = Vector512.Create(query[i]);
                s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k0, (nuint)(i * Width)), q, s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k1, (nuint)(i * Width)), q, s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k2, (nuint)(i * Width)), q, s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k3, (nuint)(i * Width)), q, s3);
            }

            ref var scores = ref _scores[block * Width];
            (s0 * _scale).StoreUnsafe(ref scores);
            (s1 * _scale).StoreUnsafe(ref scores, Width);
            (s2 * _scale).StoreUnsafe(ref scores, 2 * Width);
            (s3 * _scale).StoreUnsafe(ref scores, 3 * Width);
        }

        for (; block < count; block++)
        {
            ref var k = ref blocks[block].Keys[keyAt];
            var s = Vector512<float>.Zero;
            for (var i = 0; i < query.Length; i++)
            {
                s = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k, (nuint)(i * Width)), Vector512.Create(query[i]), s);
            }

            (s * _scale).StoreUnsafe(ref _scores[block * Width]);
        }
    }

    /// <summary>Turns scores into exp(score - highest) and gives their sum.</summary>
    private float Exponentials(int count)
    {
        var highest = Vector512.Create(float.NegativeInfinity);
        for (var block = 0; block < count; block++)
        {
            highest = Vector512.Max(highest, Vector512.LoadUnsafe(ref _scores[block * Width]));
        }

        var top = SimdMath.Largest(highest);
        var sum = Vector512<float>.Zero;
        for (var block = 0; block < count; block++)
        {
            var weight = VectorMath.Exp(Vector512.LoadUnsafe(ref _scores[block * Width]) - Vector512.Create(top));
            weight.StoreUnsafe(ref _scores[block * Width]);
            sum += weight;
        }

        return Vector512.Sum(sum);
    }

    /// <summary>Weighted sum of 16 entries of the values, in four chains by position modulo four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Mix(ReadOnlySpan<CacheBlock> blocks, int valueAt, int position)
    {
        var (m0, m1, m2, m3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var stride = (nuint)_padded;
        for (var first = 0; first <= position; first += Width)
        {
            ref var values = ref blocks[first / Width].Values[valueAt];
            var whole = Math.Min(Width, position + 1 - first);
            var at = 0;
            for (; at + 4 <= whole; at += 4)
            {
                ref var weights = ref _scores[first + at];
                m0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, (nuint)at * stride), Vector512.Create(weights), m0);
                m1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, (nuint)(at + 1) * stride), Vector512.Create(Unsafe.Add(ref weights, 1)), m1);
                m2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, (nuint)(at + 2) * stride), Vector512.Create(Unsafe.Add(ref weights, 2)), m2);
                m3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, (nuint)(at + 3) * stride), Vector512.Create(Unsafe.Add(ref weights, 3)), m3);
            }

            for (; at < whole; at++)
            {
                m0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, (nuint)at * stride), Vector512.Create(_scores[first + at]), m0);
            }
        }

        return m0 + m1 + (m2 + m3);
    }
}
