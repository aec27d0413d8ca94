namespace Agentic.Training.Tests;

public sealed class ManagedDecoderTests
{
    public static TheoryData<TransformerOptions> Grid => SmallModels.Grid;

    // Both compute in float32, in other orders: 1e-4 on logits of size about 1 is far more than rounding, far less than any mistake.
    [Theory, MemberData(nameof(Grid))]
    public void Logits_are_those_of_the_model_over_the_whole_sequence(TransformerOptions options)
    {
        using var model = SmallModels.Create(options);
        using var decoder = new ManagedDecoder(model, threads: 1);
        var tokens = SmallModels.RandomTokens(new Random(5), 70, options.VocabularySize);

        var expected = SmallModels.Logits(model, tokens);
        var actual = Read(decoder, tokens, [70]);

        Assert.All(expected.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), logit => Assert.Equal(logit.First, logit.Second, 1e-4f)));
    }

    [Theory, MemberData(nameof(Grid))]
    public void Chunks_of_a_prompt_do_not_change_a_bit(TransformerOptions options)
    {
        using var model = SmallModels.Create(options);
        using var decoder = new ManagedDecoder(model, threads: 2);
        var tokens = SmallModels.RandomTokens(new Random(6), 70, options.VocabularySize);
        var whole = Read(decoder, tokens, [70]);

        Assert.Equal(whole, Read(decoder, tokens, [1, 16, 3, 20, 30]));
        Assert.Equal(whole, Read(decoder, tokens, [.. Enumerable.Repeat(1, 70)]));
        Assert.Equal(0, decoder.LiveBlocks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Other_sequences_and_threads_do_not_change_a_bit(int threads)
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using var decoder = new ManagedDecoder(model, threads);
        var random = new Random(7);
        var all = Enumerable.Range(0, 9).Select(_ => SmallModels.RandomTokens(random, random.Next(1, 60), 300)).ToList();
        var alone = all.Select(tokens => Read(decoder, tokens, [tokens.Length])).ToList();
        var caches = all.Select(_ => decoder.NewSequence()).ToList();
        var read = new int[all.Count];
        while (all.Where((tokens, at) => read[at] < tokens.Length).Any())
        {
            var rows = new List<DecoderRow>();
            var expected = new List<float[]>();
            foreach (var at in Enumerable.Range(0, all.Count).OrderBy(_ => random.Next()).Take(4))
            {
                for (var count = random.Next(1, 20); count > 0 && read[at] < all[at].Length; count--)
                {
                    expected.Add(alone[at][read[at]]);
                    rows.Add(new DecoderRow(caches[at], all[at][read[at]++], expected.Count - 1));
                }
            }

            var logits = new float[rows.Count * 300];
            decoder.Forward(rows, logits);
            Assert.Equal(expected.SelectMany(row => row), logits);
        }

        caches.ForEach(cache => cache.Dispose());
        Assert.Equal(0, decoder.LiveBlocks);
    }

    [Fact]
    public void A_fork_goes_its_own_way_and_leaves_the_trunk_as_it_was()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using var decoder = new ManagedDecoder(model, threads: 1);
        var random = new Random(8);
        var trunk = SmallModels.RandomTokens(random, 40, 300);
        using var cache = decoder.NewSequence();
        Append(decoder, cache, trunk);
        var forks = new[] { 0, 1, 15, 16, 17, 39, 40 }.Select(length => (Length: length, Cache: cache.Fork(length), Own: SmallModels.RandomTokens(random, 30, 300))).ToList();

        foreach (var (length, fork, rest) in forks)
        {
            int[] tokens = [.. trunk[..length], .. rest];
            Assert.Equal(Read(decoder, tokens, [tokens.Length])[length..], Append(decoder, fork, rest));
            fork.Dispose();
        }

        var more = SmallModels.RandomTokens(random, 5, 300);
        Assert.Equal(Read(decoder, [.. trunk, .. more], [45])[40..], Append(decoder, cache, more));
        cache.Dispose();
        Assert.Equal(0, decoder.LiveBlocks);
    }

    private static List<float[]> Read(ManagedDecoder decoder, int[] tokens, int[] chunks)
    {
        using var cache = decoder.NewSequence();
        var logits = new List<float[]>();
        var first = 0;
        foreach (var chunk in chunks)
        {
            logits.AddRange(Append(decoder, cache, tokens[first..(first + chunk)]));
            first += chunk;
        }

        return logits;
    }

    private static List<float[]> Append(ManagedDecoder decoder, ISequenceCache cache, int[] tokens)
    {
        var size = decoder.Options.VocabularySize;
        var logits = new float[tokens.Length * size];
        decoder.Forward([.. tokens.Select((token, at) => new DecoderRow(cache, token, at))], logits);
        return [.. logits.Chunk(size)];
    }
}
