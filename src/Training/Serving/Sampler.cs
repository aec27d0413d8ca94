using System.Runtime.Intrinsics;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A token with its log-probability.</summary>
public readonly record struct TokenLogProb(int Id, double LogProb);

/// <summary>A token that was chosen, and the distribution it came from.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProb">Natural log-probability under the model's whole distribution, without temperature and cuts: what <see cref="ICausalLm"/> gives the same ids.</param>
/// <param name="Entropy">Entropy of that distribution in nats.</param>
public readonly record struct SampledToken(int Id, double LogProb, double Entropy)
{
    /// <summary>The most likely tokens, best first, as many as were asked for.</summary>
    public IReadOnlyList<TokenLogProb> Top { get; init; } = [];
}

/// <summary>Chooses tokens from logits.</summary>
/// <remarks>The draw of token i of a request is a hash of its seed and i: it depends on nothing else, and no state needs saving.</remarks>
internal sealed class Sampler
{
    private ulong[] _keys = [];
    private double[] _shares = [];

    /// <exception cref="AgenticException">A logit is not a number.</exception>
    public SampledToken Choose(ReadOnlySpan<float> logits, SamplingOptions options, Seed seed, int index, int top)
    {
        var best = ArgMax(logits);
        var (logSum, entropy) = Distribution(logits, logits[best]);
        if (!double.IsFinite(logSum))
        {
            throw new AgenticException("the model gives logits that are no numbers; its weights are damaged");
        }

        var id = options.Temperature == 0 ? best : Draw(logits, logits[best], options, Uniform(seed, index));
        return new SampledToken(id, logits[id] - logSum, entropy) { Top = top <= 0 ? [] : Best(logits, Math.Min(top, logits.Length), logSum) };
    }

    /// <summary>Uniform on [0, 1) from a seed and an index: SplitMix64's finalizer (Steele et al. 2014) over its sequence.</summary>
    public static double Uniform(Seed seed, int index)
    {
        var z = unchecked(seed.Value + (0x9e3779b97f4a7c15UL * ((ulong)index + 1)));
        z = unchecked((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94d049bb133111ebUL);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    private static int ArgMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 1; id < logits.Length; id++)
        {
            best = logits[id] > logits[best] ? id : best;
        }

        return best;
    }

    /// <summary>log sum exp(logit), and the entropy: log sum exp - sum of p * logit.</summary>
    private static (double LogSum, double Entropy) Distribution(ReadOnlySpan<float> logits, float best)
    {
        var (sums, weighted) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var at = 0;
        for (; at + VectorMath.Width <= logits.Length; at += VectorMath.Width)
        {
            var below = Vector512.Create(logits[at..]) - Vector512.Create(best);
            var weight = VectorMath.Exp(below);
            sums += weight;
            weighted = Vector512.FusedMultiplyAdd(weight, below, weighted);
        }

        double sum = Vector512.Sum(sums), mean = Vector512.Sum(weighted);
        for (; at < logits.Length; at++)
        {
            var weight = Math.Exp(logits[at] - best);
            sum += weight;
            mean += weight * (logits[at] - best);
        }

        return (best + Math.Log(sum), Math.Log(sum) - (mean / sum));
    }

    private int Draw(ReadOnlySpan<float> logits, float best, SamplingOptions options, double uniform)
    {
        var cuts = options.TopK > 0 || options.TopP < 1 || options.MinP > 0;
        var count = !cuts ? logits.Length : Order(logits, options.TopK == 0 ? logits.Length : Math.Min(options.TopK, logits.Length));
        Reserve(ref _shares, count);
        var total = 0.0;
        for (var place = 0; place < count; place++)
        {
            var logit = logits[cuts ? IdOf(_keys[place]) : place];
            total += _shares[place] = Math.Exp((logit - best) / options.Temperature);
        }

        if (cuts)
        {
            (count, total) = Cut(count, total, options);
        }

        var left = uniform * total;
        for (var place = 0; place < count; place++)
        {
            left -= _shares[place];
            if (left < 0)
            {
                return cuts ? IdOf(_keys[place]) : place;
            }
        }

        // Rounding can leave a last crumb: the most likely token takes it.
        return cuts ? IdOf(_keys[0]) : ArgMax(logits);
    }

    /// <summary>TopP, then MinP, on shares in falling order.</summary>
    private (int Count, double Total) Cut(int count, double total, SamplingOptions options)
    {
        if (options.TopP < 1)
        {
            var (kept, sum) = (0, 0.0);
            while (kept == 0 || (kept < count && sum < options.TopP * total))
            {
                sum += _shares[kept++];
            }

            (count, total) = (kept, sum);
        }

        while (count > 1 && _shares[count - 1] < options.MinP)
        {
            total -= _shares[--count];
        }

        return (count, total);
    }

    /// <summary>Puts the best tokens in front of <see cref="_keys"/>, of equals the lowest id first.</summary>
    private int Order(ReadOnlySpan<float> logits, int count)
    {
        Reserve(ref _keys, count + 1);
        if (count == logits.Length)
        {
            for (var id = 0; id < logits.Length; id++)
            {
                _keys[id] = KeyOf(logits[id], id);
            }

            _keys.AsSpan(0, count).Sort();
            return count;
        }

        // Sorted insertion: the lists asked for are short, and most tokens fail the first comparison.
        var held = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            var key = KeyOf(logits[id], id);
            if (held == count && key > _keys[held - 1])
            {
                continue;
            }

            var place = ~_keys.AsSpan(0, held).BinarySearch(key);
            _keys.AsSpan(place, held - place).CopyTo(_keys.AsSpan(place + 1));
            _keys[place] = key;
            held = Math.Min(held + 1, count);
        }

        return held;
    }

    private TokenLogProb[] Best(ReadOnlySpan<float> logits, int count, double logSum)
    {
        var best = new TokenLogProb[Order(logits, count)];
        for (var place = 0; place < best.Length; place++)
        {
            var id = IdOf(_keys[place]);
            best[place] = new TokenLogProb(id, logits[id] - logSum);
        }

        return best;
    }

    /// <summary>Sorts by falling logit, then by rising id, as one number.</summary>
    private static ulong KeyOf(float logit, int id)
    {
        // Adding zero makes -0 and 0 one; flipping makes the bits of floats sort as unsigned numbers, the highest first.
        var bits = BitConverter.SingleToUInt32Bits(logit + 0f);
        var falling = (bits & 0x80000000) != 0 ? bits : ~bits & 0x7fffffff;
        return ((ulong)falling << 32) | (uint)id;
    }

    private static int IdOf(ulong key) => (int)(uint)key;

    private static void Reserve<T>(ref T[] space, int count)
    {
        if (space.Length < count)
        {
            space = new T[count];
        }
    }
}
