using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>Attention of all query heads at one position over the blocks of its sequence.</summary>
/// <remarks>
/// Its sums go over positions in an order that depends on the position alone, so the result does not depend on what else is computed.
/// Blocks are gone through once for the scores and once for the mix, all heads at each, because the keys and values of a layer's heads lie side by side:
/// late in a sequence the time goes into fetching them.
/// </remarks>
internal sealed class RowAttention(TransformerOptions options, CacheBlockPool pool)
{
    private const int Width = VectorMath.Width;

    /// <summary>Blocks gone through together: as many chains of additions hide the latency of one.</summary>
    private const int Together = 4;

    private readonly int _size = options.HeadSize;
    private readonly int _padded = VectorMath.Padded(options.HeadSize);
    private readonly int _group = options.Heads / options.KeyValueHeads;
    private readonly int _stride = VectorMath.Padded(options.ContextLength);
    private readonly float _scale = 1 / MathF.Sqrt(options.HeadSize);
    private readonly float[] _scores = new float[options.Heads * VectorMath.Padded(options.ContextLength)];
    private readonly float[] _mixed = new float[options.Heads * VectorMath.Padded(options.HeadSize)];

    /// <summary>softmax(q k / sqrt(D)) v over positions 0 to <paramref name="position"/>, head by head.</summary>
    /// <param name="queries">The queries, head after head.</param>
    /// <param name="blocks">Blocks of the sequence.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="position">The position of the queries.</param>
    /// <param name="output">Receives the heads, one after the other.</param>
    public void Attend(ReadOnlySpan<float> queries, ReadOnlySpan<CacheBlock> blocks, int layer, int position, Span<float> output)
    {
        var count = (position / Width) + 1;
        Score(queries, blocks[..count], layer);
        for (var head = 0; head < options.Heads; head++)
        {
            Weigh(_scores.AsSpan(head * _stride, count * Width), position);
        }

        Array.Clear(_mixed);
        for (var block = 0; block < count; block++)
        {
            var seen = Math.Min(Width, position + 1 - (block * Width));
            for (var head = 0; head < options.Heads; head++)
            {
                var values = blocks[block].Values.AsSpan(Part(layer, head) * pool.ValueFloats, pool.ValueFloats);
                Mix(values, _scores.AsSpan((head * _stride) + (block * Width), seen), _mixed.AsSpan(head * _padded, _padded));
            }
        }

        for (var head = 0; head < options.Heads; head++)
        {
            _mixed.AsSpan(head * _padded, _size).CopyTo(output[(head * _size)..]);
        }
    }

    /// <summary>Which part of a block a query head reads in a layer.</summary>
    private int Part(int layer, int head) => (layer * options.KeyValueHeads) + (head / _group);

    private void Score(ReadOnlySpan<float> queries, ReadOnlySpan<CacheBlock> blocks, int layer)
    {
        for (var block = 0; block < blocks.Length; block += Together)
        {
            for (var head = 0; head < options.Heads; head++)
            {
                var keyAt = Part(layer, head) * pool.KeyFloats;
                var query = queries.Slice(head * _size, _size);
                if (block + Together <= blocks.Length)
                {
                    ScoreFour(query, blocks.Slice(block, Together), keyAt, ref _scores[(head * _stride) + (block * Width)]);
                    continue;
                }

                for (var last = block; last < blocks.Length; last++)
                {
                    ScoreOne(query, blocks[last].Keys, keyAt, ref _scores[(head * _stride) + (last * Width)]);
                }
            }
        }
    }

    private void ScoreFour(ReadOnlySpan<float> query, ReadOnlySpan<CacheBlock> blocks, int keyAt, ref float scores)
    {
        ref var k0 = ref blocks[0].Keys[keyAt];
        ref var k1 = ref blocks[1].Keys[keyAt];
        ref var k2 = ref blocks[2].Keys[keyAt];
        ref var k3 = ref blocks[3].Keys[keyAt];
        var (s0, s1, s2, s3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (var i = 0; i < query.Length; i++)
        {
            var q = Vector512.Create(query[i]);
            s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k0, (nuint)(i * Width)), q, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k1, (nuint)(i * Width)), q, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k2, (nuint)(i * Width)), q, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k3, (nuint)(i * Width)), q, s3);
        }

        (s0 * _scale).StoreUnsafe(ref scores);
        (s1 * _scale).StoreUnsafe(ref scores, Width);
        (s2 * _scale).StoreUnsafe(ref scores, 2 * Width);
        (s3 * _scale).StoreUnsafe(ref scores, 3 * Width);
    }

    private void ScoreOne(ReadOnlySpan<float> query, float[] keys, int keyAt, ref float scores)
    {
        ref var k = ref keys[keyAt];
        var s = Vector512<float>.Zero;
        for (var i = 0; i < query.Length; i++)
        {
            s = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref k, (nuint)(i * Width)), Vector512.Create(query[i]), s);
        }

        (s * _scale).StoreUnsafe(ref scores);
    }

    /// <summary>Turns one head's scores into the weights of the softmax; those behind the position count for nothing.</summary>
    private static void Weigh(Span<float> scores, int position)
    {
        scores[(position + 1)..].Fill(float.NegativeInfinity);
        var highest = Vector512.Create(float.NegativeInfinity);
        for (var at = 0; at < scores.Length; at += Width)
        {
            highest = Vector512.Max(highest, Vector512.Create<float>(scores[at..]));
        }

        var top = Vector512.Create(SimdMath.Largest(highest));
        var sum = Vector512<float>.Zero;
        for (var at = 0; at < scores.Length; at += Width)
        {
            var weight = VectorMath.Exp(Vector512.Create<float>(scores[at..]) - top);
            weight.CopyTo(scores[at..]);
            sum += weight;
        }

        var share = Vector512.Create(1 / Vector512.Sum(sum));
        for (var at = 0; at < scores.Length; at += Width)
        {
            (Vector512.Create<float>(scores[at..]) * share).CopyTo(scores[at..]);
        }
    }

    /// <summary>Adds the weighted values of one block to one head, in four chains by position modulo four.</summary>
    private void Mix(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<float> mixed)
    {
        ref var value = ref Unsafe.AsRef(in values[0]);
        var stride = (nuint)_padded;
        for (nuint at = 0; at < stride; at += Width)
        {
            var (m0, m1, m2, m3) = (Vector512.LoadUnsafe(ref mixed[0], at), Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            var position = 0;
            for (; position + 4 <= weights.Length; position += 4)
            {
                ref var here = ref Unsafe.Add(ref value, ((nuint)position * stride) + at);
                m0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref here), Vector512.Create(weights[position]), m0);
                m1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref here, stride), Vector512.Create(weights[position + 1]), m1);
                m2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref here, 2 * stride), Vector512.Create(weights[position + 2]), m2);
                m3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref here, 3 * stride), Vector512.Create(weights[position + 3]), m3);
            }

            for (; position < weights.Length; position++)
            {
                m0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref value, ((nuint)position * stride) + at), Vector512.Create(weights[position]), m0);
            }

            (m0 + m1 + (m2 + m3)).StoreUnsafe(ref mixed[0], at);
        }
    }
}
