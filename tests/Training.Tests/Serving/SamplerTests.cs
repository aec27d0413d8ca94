using Agentic.Retrieval;
using CsCheck;

namespace Agentic.Training.Tests;

public sealed class SamplerTests
{
    private static readonly Sampler Sampler = new();

    [Fact]
    public void Greedy_takes_the_lowest_of_equals() =>
        Assert.Equal(1, Sampler.Choose([0, 3, 3, -1], new SamplingOptions(), new Seed(1), 0, 0).Id);

    // Logits log 1, log 2, log 5: shares 1/8, 2/8, 5/8.
    [Fact]
    public void Statistics_are_those_of_the_whole_distribution_whatever_is_cut()
    {
        var token = Sampler.Choose([0, MathF.Log(2), MathF.Log(5)], new SamplingOptions { Temperature = 0.01, TopK = 1 }, new Seed(1), 0, 2);

        Assert.Equal(2, token.Id);
        Assert.Equal(Math.Log(5.0 / 8), token.LogProb, 1e-6);
        Assert.Equal(-((1.0 / 8 * Math.Log(1.0 / 8)) + (2.0 / 8 * Math.Log(2.0 / 8)) + (5.0 / 8 * Math.Log(5.0 / 8))), token.Entropy, 1e-6);
        Assert.Equal([2, 1], token.Top.Select(top => top.Id));
        Assert.Equal(Math.Log(2.0 / 8), token.Top[1].LogProb, 1e-6);
    }

    // 20,000 draws of shares 1/8, 2/8, 5/8 sharpened by T = 1/2 to 1/30, 4/30, 25/30; standard errors are below 0.004.
    [Fact]
    public void Draws_have_the_shares_of_the_tempered_distribution()
    {
        var counts = Draws([0, MathF.Log(2), MathF.Log(5)], new SamplingOptions { Temperature = 0.5 }, 20_000);

        Assert.Equal(1.0 / 30, counts[0], 0.012);
        Assert.Equal(4.0 / 30, counts[1], 0.012);
        Assert.Equal(25.0 / 30, counts[2], 0.012);
    }

    // Shares .4 .3 .2 .1: TopP .6 needs two; MinP .45 keeps those of at least .18; TopK 3 then TopP .75 of what is left (.9): .4 + .3 >= .675, two.
    [Theory]
    [InlineData(0, 0.6, 0.0, 2)]
    [InlineData(0, 1.0, 0.45, 3)]
    [InlineData(3, 0.75, 0.0, 2)]
    [InlineData(1, 1.0, 0.0, 1)]
    [InlineData(0, 0.0, 0.0, 1)]
    [InlineData(0, 1.0, 1.0, 1)]
    [InlineData(9, 1.0, 0.0, 4)]
    public void Cuts_keep_the_most_likely(int topK, double topP, double minP, int kept)
    {
        float[] logits = [MathF.Log(0.2f), MathF.Log(0.4f), MathF.Log(0.1f), MathF.Log(0.3f)];
        int[] byShare = [1, 3, 0, 2];

        var counts = Draws(logits, new SamplingOptions { Temperature = 1, TopK = topK, TopP = topP, MinP = minP }, 2000);

        Assert.Equal(byShare.Take(kept).Order(), Enumerable.Range(0, 4).Where(id => counts[id] > 0));
    }

    // The slow way: sort everything by falling logit and rising id.
    [Fact]
    public void The_best_are_found_in_order_with_ties_by_id() =>
        Gen.Select(Gen.Int[-3, 3].Array[1, 60], Gen.Int[1, 60]).Sample((values, top) =>
        {
            var logits = values.Select(value => (float)value).ToArray();
            var expected = Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).ThenBy(id => id).Take(top);

            Assert.Equal(expected, new Sampler().Choose(logits, new SamplingOptions(), new Seed(1), 0, top).Top.Select(token => token.Id));
        });

    [Fact]
    public void Stop_strings_are_found_across_pieces_and_nothing_of_them_is_let_through() =>
        Gen.Select(Gen.Char["ab"].Array[0, 30], Gen.Char["ab"].Array[1, 4].Array[1, 3], Gen.Int[1, 4]).Sample((letters, marks, size) =>
        {
            var (text, stops) = (new string(letters), marks.Select(mark => new string(mark)).ToArray());
            var finder = new StopFinder(stops);
            var passed = string.Concat(letters.Chunk(size).Select(piece => finder.Push(new string(piece)))) + finder.Flush();
            var places = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).ToList();

            Assert.Equal(places.Count > 0, finder.IsFound);
            Assert.StartsWith(passed, text, StringComparison.Ordinal);
            Assert.True(places.Count > 0 ? passed.Length <= text.Length : passed == text);
            Assert.All(stops, stop => Assert.DoesNotContain(stop, passed, StringComparison.Ordinal));
        });

    private static double[] Draws(float[] logits, SamplingOptions options, int count)
    {
        var counts = new double[logits.Length];
        for (var draw = 0; draw < count; draw++)
        {
            counts[Sampler.Choose(logits, options, new Seed(9), draw, 0).Id] += 1.0 / count;
        }

        return counts;
    }
}
