// Legend: R = rows, L = positions, A = query heads, K = key heads, D = width of a head.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>The kernel against attention written out in float64 torch operations, and against loops.</summary>
public sealed class FusedAttentionTests
{
    private const double Float32 = 1e-5;
    private const double Bfloat16 = 1e-2; // eight bits of mantissa in, out and in the saved output

    [Theory]
    [InlineData(1, 1, 1, 1, 8)]
    [InlineData(2, 4, 2, 5, 8)]
    [InlineData(1, 2, 1, 17, 16)]
    [InlineData(2, 4, 4, 64, 32)]
    [InlineData(1, 4, 1, 65, 12)]
    [InlineData(1, 2, 2, 200, 48)]
    [InlineData(1, 2, 2, 300, 64)]
    [InlineData(1, 1, 1, 130, 128)]
    public void Output_and_gradients_equal_attention_in_double_precision(int rows, int queryHeads, int keyHeads, int length, int width)
    {
        foreach (var (type, tolerance) in new[] { (ScalarType.Float32, Float32), (ScalarType.BFloat16, Bfloat16) })
        {
            foreach (var padding in new[] { null, Enumerable.Range(0, rows).Select(row => Math.Min(length, (3L * row) + 1)).ToArray() })
            {
                foreach (var turned in new[] { false, true })
                {
                    var difference = Difference(rows, queryHeads, keyHeads, length, width, type, padding, turned);
                    Assert.True(difference < tolerance, $"{type}, padding [{string.Join(", ", padding ?? [])}], turned {turned}: {difference}");
                }
            }
        }
    }

    [Fact]
    public void Every_length_up_to_three_blocks_is_right()
    {
        for (var length = 1; length <= 140; length++)
        {
            var difference = Difference(1, 2, 1, length, 8, ScalarType.Float32, null, turned: false);
            Assert.True(difference < Float32, $"length {length}: {difference}");
        }
    }

    [Fact]
    public void Output_equals_the_sum_over_earlier_positions_written_as_loops()
    {
        using var scope = NewDisposeScope();
        var (length, width) = (37, 8);
        var joined = Numbers([1, length, 3 * width], 3);
        var numbers = joined.data<float>().ToArray();
        double At(int position, int part, int number) => numbers[(((position * 3) + part) * width) + number];

        var output = FusedAttention.Apply(joined, null, null, Plain(1, 1)).data<float>().ToArray();

        for (var row = 0; row < length; row++)
        {
            var weights = Enumerable.Range(0, row + 1)
                .Select(key => Math.Exp(Enumerable.Range(0, width).Sum(number => At(row, 0, number) * At(key, 1, number)) / Math.Sqrt(width))).ToArray();
            for (var number = 0; number < width; number++)
            {
                var expected = weights.Select((weight, key) => weight * At(key, 2, number)).Sum() / weights.Sum();
                Assert.Equal(expected, output[(row * width) + number], 1e-5);
            }
        }
    }

    [Fact]
    public void Gradient_equals_finite_differences()
    {
        using var scope = NewDisposeScope();
        var joined = Numbers([1, 9, (2 + 2) * 4], 5).requires_grad_();
        var outer = Numbers([1, 9, 2 * 4], 6);
        var settings = Plain(2, 1);
        FusedAttention.Apply(joined, null, null, settings).backward([outer]);
        var gradient = joined.grad!.data<float>().ToArray();

        const float step = 1e-2f; // of float32: the truncation, step^2, and the rounding, 1e-7 / step, are both near 1e-4
        for (var index = 0; index < gradient.Length; index++)
        {
            double Moved(float by)
            {
                using var inner = NewDisposeScope();
                var moved = joined.detach().clone();
                moved.view(-1)[index] += by;
                return (FusedAttention.Apply(moved, null, null, settings) * outer).to(ScalarType.Float64).sum().item<double>();
            }

            Assert.Equal((Moved(step) - Moved(-step)) / (2 * step), gradient[index], 1e-3);
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        var threads = get_num_threads();
        try
        {
            var alone = Bytes(1);
            Assert.Equal(alone, Bytes(2));
            Assert.Equal(alone, Bytes(4));
        }
        finally
        {
            set_num_threads(threads);
        }

        static byte[] Bytes(int threads)
        {
            set_num_threads(threads);
            using var scope = NewDisposeScope();
            var joined = Numbers([3, 77, 8 * 16], 7).requires_grad_();
            var (queryGain, keyGain) = (Numbers([16], 8).requires_grad_(), Numbers([16], 9).requires_grad_());
            var output = FusedAttention.Apply(joined, queryGain, keyGain, Turning(4, 2, 77, 16, [0, 5, 76]));
            output.square().sum().backward();
            return [.. new[] { output.detach(), joined.grad!, queryGain.grad!, keyGain.grad! }.SelectMany(tensor => tensor.contiguous().bytes.ToArray())];
        }
    }

    [Fact]
    public void What_stands_in_later_positions_and_in_padding_does_not_matter()
    {
        using var scope = NewDisposeScope();
        var clean = Numbers([1, 40, 3 * 8], 11);
        var spoilt = clean.clone();
        spoilt[.., ..3] = 1e30f;
        spoilt[.., 30..] = 1e30f;
        var settings = Plain(1, 1) with { LeftPadding = [3] };

        var expected = FusedAttention.Apply(clean, null, null, settings);
        var actual = FusedAttention.Apply(spoilt, null, null, settings);

        Assert.True(expected[.., ..30].equal(actual[.., ..30]).all().item<bool>());
        Assert.Equal(0, actual[.., ..3].abs().sum().item<float>());
    }

    [Fact]
    public void No_tensor_outlives_a_forward_and_a_backward()
    {
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var round = 0; round < 3; round++)
        {
            Difference(2, 4, 2, 33, 16, ScalarType.BFloat16, [0, 4], turned: true);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Wrong_shapes_types_and_paddings_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => FusedAttention.Apply(zeros(1, 4, 24, dtype: ScalarType.Float64), null, null, Plain(1, 1)));
        Assert.Throws<ArgumentException>(() => FusedAttention.Apply(zeros(1, 4, 25), null, null, Plain(1, 1)));
        Assert.Throws<ArgumentException>(() => FusedAttention.Apply(zeros(1, 4, 24), null, null, Plain(3, 2)));
        Assert.Throws<ArgumentException>(() => FusedAttention.Apply(zeros(1, 4, 24), null, null, Plain(1, 1) with { LeftPadding = [5] }));
    }

    /// <summary>Largest relative difference, in the Euclidean norm, of the output and of each gradient.</summary>
    private static double Difference(int rows, int queryHeads, int keyHeads, int length, int width, ScalarType type, long[]? padding, bool turned)
    {
        using var scope = NewDisposeScope();
        var settings = turned ? Turning(queryHeads, keyHeads, length, width, padding) : Plain(queryHeads, keyHeads) with { LeftPadding = padding };
        var joined = Numbers([rows, length, (queryHeads + (2 * keyHeads)) * width], 1).to(type).requires_grad_();
        var gains = turned ? new[] { Numbers([width], 3).add(1).detach().requires_grad_(), Numbers([width], 4).add(1).detach().requires_grad_() } : null;
        var outer = Numbers([rows, length, queryHeads * width], 2).to(type);
        var output = FusedAttention.Apply(joined, gains?[0], gains?[1], settings);
        output.backward([outer]);

        var exact = joined.detach().to(ScalarType.Float64).requires_grad_();
        var exactGains = gains?.Select(gain => gain.detach().to(ScalarType.Float64).requires_grad_()).ToArray();
        var expected = Written(exact, exactGains, settings, width);
        expected.backward([outer.to(ScalarType.Float64)]);
        var pairs = new List<(Tensor, Tensor)> { (output, expected), (joined.grad!, exact.grad!) };
        pairs.AddRange(gains?.Zip(exactGains!, (gain, other) => (gain.grad!, other.grad!)) ?? []);
        return pairs.Max(pair => ((pair.Item1.to(ScalarType.Float64) - pair.Item2).norm() / (pair.Item2.norm() + 0.1)).item<double>());
    }

    private static Tensor Written(Tensor joined, Tensor[]? gains, FusedAttention.Settings settings, int width)
    {
        var (rows, length) = (joined.shape[0], joined.shape[1]);
        var (queryHeads, keyHeads) = (settings.QueryHeads, settings.KeyHeads);
        var heads = joined.view(rows, length, -1, width).transpose(1, 2);
        var (query, key) = (heads.narrow(1, 0, queryHeads), heads.narrow(1, queryHeads, keyHeads));
        var first = tensor(settings.LeftPadding ?? new long[rows]).view(-1, 1);
        if (gains is not null)
        {
            var position = (arange(length).unsqueeze(0) - first).clamp_min(0);
            var (cos, sin) = (settings.Cos!.to(ScalarType.Float64)[position].unsqueeze(1), settings.Sin!.to(ScalarType.Float64)[position].unsqueeze(1));
            Tensor Turn(Tensor head, Tensor gain)
            {
                var normed = head * (head.square().mean([-1L], keepdim: true) + settings.Epsilon).rsqrt() * gain;
                var halves = normed.chunk(2, -1);
                return (normed * cos) + (cat([-halves[1], halves[0]], -1) * sin);
            }

            (query, key) = (Turn(query, gains[0]), Turn(key, gains[1]));
        }

        var value = heads.narrow(1, queryHeads + keyHeads, keyHeads).repeat_interleave(queryHeads / keyHeads, 1);
        var scores = query.matmul(key.repeat_interleave(queryHeads / keyHeads, 1).transpose(2, 3)) / Math.Sqrt(width);
        var seen = ones(length, length, dtype: ScalarType.Bool).tril() & (arange(length).view(1, 1, -1) >= first.unsqueeze(-1));
        var hidden = seen.logical_not().unsqueeze(1);
        return scores.masked_fill(hidden, -1e300).softmax(-1).masked_fill(hidden, 0).matmul(value).transpose(1, 2).reshape(rows, length, -1);
    }

    private static FusedAttention.Settings Plain(int queryHeads, int keyHeads) => new(queryHeads, keyHeads, null, null, 1e-5, null);

    private static FusedAttention.Settings Turning(int queryHeads, int keyHeads, int length, int width, long[]? padding)
    {
        var angle = outer(arange(length, ScalarType.Float32), pow(10_000.0, arange(0, width, 2, ScalarType.Float32) / width).reciprocal()).repeat(1, 2);
        return new FusedAttention.Settings(queryHeads, keyHeads, angle.cos(), angle.sin(), 1e-5, padding);
    }

    private static Tensor Numbers(long[] shape, long seed)
    {
        using var generator = new Generator((ulong)seed);
        return randn(shape, generator: generator);
    }
}
