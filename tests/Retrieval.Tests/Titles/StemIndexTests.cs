namespace Agentic.Retrieval.Tests;

public sealed class StemIndexTests
{
    private static readonly string[] Texts = ["stones and rivers", "river stones of rivers", "a bridge", "old bridges, older rivers, oldest stones"];

    // The oracle counts stems of the words that are not of grammar: tf / (tf + .9 (.6 + .4 length / mean)), times ln(1 + (N - df + .5) / (df + .5)).
    [Fact]
    public void Scores_are_those_of_BM25_divided_by_the_largest()
    {
        var stems = SmallCorpus.Of([.. Texts.Select(text => ("", text))]).Names.Stems;
        var documents = Texts.Select(Words).ToArray();
        var mean = documents.Average(words => words.Length);
        var expected = documents.Select(words => Words("river stones").Sum(term =>
        {
            var df = documents.Count(other => other.Contains(term));
            var tf = words.Count(word => word == term);
            return Math.Log(1 + ((documents.Length - df + 0.5) / (df + 0.5))) * tf / (tf + (0.9 * (0.6 + (0.4 * words.Length / mean))));
        })).ToArray();

        var actual = stems.Normalized(["river", "stones"], pairWeight: 0);

        Assert.Equal(expected.Select(score => score / expected.Max()), actual, (left, right) => Math.Abs(left - right) < 1e-6);
    }

    [Fact]
    public void A_neighbouring_pair_of_the_query_lifts_the_chunk_that_has_it()
    {
        var stems = SmallCorpus.Of(("", "stone bridge of wood"), ("", "bridge wood of stone")).Names.Stems;

        var scores = stems.Normalized(["stone", "bridge"], pairWeight: 1);

        Assert.True(scores[0] > scores[1]);
    }

    [Fact]
    public void Unknown_words_score_nothing() =>
        Assert.Equal([0.0], SmallCorpus.Of(("", "stone")).Names.Stems.Normalized(["zebra", "the"], pairWeight: 1));

    private static string[] Words(string text) =>
        [.. EnglishText.Analyze(text).Words.Where(word => !FunctionWords.Contains(word.Folded)).Select(word => word.Stem)];
}
