namespace Agentic.Retrieval.Tests;

public sealed class PhraseIndexTests
{
    [Fact]
    public void A_name_inside_a_longer_name_joins_two_chunks() =>
        Assert.Contains(["d0", "d1"], Shared(("A", "It lies in Morrow County."), ("B", "The Morrow County Courthouse burned.")));

    [Fact]
    public void A_name_of_one_chunk_joins_nothing() => Assert.DoesNotContain(Shared(("A", "It lies in Morrow County."), ("B", "The court burned.")), chunks => chunks.Length > 1);

    [Fact]
    public void A_name_of_more_than_thirty_chunks_joins_nothing() =>
        Assert.DoesNotContain(Shared([.. Enumerable.Range(0, 31).Select(i => ("Place", "It lies in Morrow County."))]), chunks => chunks.Length > 1);

    [Fact]
    public void Months_are_no_names() =>
        Assert.DoesNotContain(Shared(("A", "It rained in March 1903."), ("B", "He left in March.")), chunks => chunks.Length > 1);

    // "Regional" stands in both, alone in neither but one: N = 2, df = 2, rarity ln(1 + 1) / ln(1 + 4); alone in 1 of 2.
    [Fact]
    public void A_lone_word_counts_as_far_as_it_stands_alone()
    {
        var phrases = SmallCorpus.Of(("A", "He ran the Regional."), ("B", "She saw Holt Regional School.")).Names.Phrases;
        var shared = Enumerable.Range(0, phrases.Occurrences.Length).Single(phrase => phrases.Occurrences[phrase].Length == 2);

        Assert.Equal(0.5 * Math.Log(2) / Math.Log(5), phrases.Information[shared], 12);
    }

    private static IEnumerable<string[]> Shared(params (string, string)[] documents)
    {
        var index = SmallCorpus.Of(documents);
        return index.Names.Phrases.Occurrences.Where(chunks => chunks.Length > 0)
            .Select(chunks => chunks.Select(occurrence => index.Chunks[occurrence.Chunk].Chunk.Id).ToArray());
    }
}
