using TorchSharp;

namespace Agentic.Training.Tests;

public sealed class TorchDecoderTests
{
    public static TheoryData<TransformerOptions> Grid => SmallModels.Grid;

    [Theory, MemberData(nameof(Grid))]
    public void Logits_are_those_of_the_model_over_the_whole_sequence_in_chunks_and_forks(TransformerOptions options)
    {
        var model = SmallModels.Create(options);
        var tokens = SmallModels.RandomTokens(new Random(5), 40, options.VocabularySize);
        var expected = SmallModels.Logits(model, tokens);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        var decoder = new TorchDecoder(model);
        var cache = decoder.NewSequence();

        Check(expected[..17], Append(decoder, cache, tokens[..17]));
        var fork = cache.Fork(9);
        Check(expected[17..], Append(decoder, cache, tokens[17..]));
        Check(expected[9..10], Append(decoder, fork, tokens[9..10]));
        cache.Dispose();
        Check(expected[10..], Append(decoder, fork, tokens[10..]));
        Assert.Equal(1, decoder.LiveBlocks);
        fork.Dispose();
        var left = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        decoder.Dispose();

        // The decoder's own two are its rotary tables.
        Assert.Equal(before + 2, left);
    }

    private static void Check(float[][] expected, float[][] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), logit => Assert.Equal(logit.First, logit.Second, 1e-4f)));

    private static float[][] Append(TorchDecoder decoder, ISequenceCache cache, int[] tokens)
    {
        var logits = new float[tokens.Length * decoder.Options.VocabularySize];
        decoder.Forward([.. tokens.Select((token, at) => new DecoderRow(cache, token, at))], logits);
        return [.. logits.Chunk(decoder.Options.VocabularySize)];
    }
}
