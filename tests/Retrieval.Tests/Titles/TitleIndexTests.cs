namespace Agentic.Retrieval.Tests;

public sealed class TitleIndexTests
{
    [Theory]
    [InlineData("Mira Holt (sculptor)", "mira holt sculptor", 1.0)]
    [InlineData("Mira Holt (sculptor)", "mira holt", 0.95)]
    [InlineData("Brant, Oslavia", "brant", 0.4)]
    [InlineData("Ana Vell, Duchess of Brant", "ana vell", 0.7)]
    [InlineData("Mira Jana Holt", "mira holt", 0.6)]
    public void A_title_is_known_under_its_shorter_forms(string title, string alias, double weight) =>
        Assert.Equal(weight, Weight(SmallCorpus.Of((title, "Nothing else.")), alias));

    [Theory]
    [InlineData("Long-term, nightly treatment of disturbed sleep in adults", "long term")]
    [InlineData("Holt(B) Receptor Variants Are Common in the North.", "holt")]
    public void Parts_of_a_title_that_is_a_sentence_are_no_aliases(string title, string part) =>
        Assert.Equal(0, Weight(SmallCorpus.Of((title, "It is known as Holt.")), part));

    [Fact]
    public void The_name_that_opens_a_text_is_an_alias() =>
        Assert.Equal(0.8, Weight(SmallCorpus.Of(("Mira Holt", "Mira Johanna Holt-Brant (1901) was a sculptor.")), "mira johanna holt brant"));

    [Theory]
    [InlineData("She is best known as Lady Granite in Oslavia.", "lady granite", 0.8)]
    [InlineData("Mira (born Maria Holtova, 1901) cut stone.", "maria holtova", 0.8)]
    [InlineData("She is an Oslavia-born American sculptor.", "american", 0.0)]
    public void Other_names_that_a_text_gives_are_aliases(string text, string alias, double weight) =>
        Assert.Equal(weight, Weight(SmallCorpus.Of(("Mira Holt", text)), alias));

    // Both own "mira holt" at .95: share .95 * .95 / 1.9 = .475.
    [Fact]
    public void Namesakes_share_an_alias()
    {
        var titles = SmallCorpus.Of(("Mira Holt (sculptor)", "One."), ("Mira Holt (judge)", "Two.")).Names.Titles;

        Assert.Equal([0.475, 0.475], Owners(titles, "mira holt").Select(owner => owner.Share));
    }

    [Fact]
    public void An_alias_of_more_than_eight_titles_means_nothing() =>
        Assert.Empty(Owners(SmallCorpus.Of([.. Enumerable.Range(0, 9).Select(i => ($"Mira Holt ({i}th)", "Text."))]).Names.Titles, "mira holt"));

    [Fact]
    public void Chunks_of_one_title_are_one_node()
    {
        var titles = SmallCorpus.Of(("Brant", "One."), ("Other", "Two."), ("BRANT", "Three.")).Names.Titles;

        Assert.Equal([0, 2], titles.Titles.Single(title => title.Chunks.Length == 2).Chunks);
    }

    [Fact]
    public void A_document_without_title_takes_the_name_that_opens_its_text()
    {
        var titles = SmallCorpus.Of(("", "Mira Holt (1901) was a sculptor."), ("", "in the old days it rained.")).Names.Titles;

        Assert.Equal("Mira Holt", Assert.Single(titles.Titles).Title);
        Assert.Equal([0, -1], titles.TitleOf);
    }

    [Theory]
    [InlineData("His Name Is Nobody is a film of 1979.", "His Name Is Nobody")]
    [InlineData("Held einer Nacht is a comedy.", "Held einer Nacht")]
    [InlineData("In Brant it rained.", "Brant")]
    public void Opening_names_end_at_a_copula_that_is_no_part_of_them(string text, string name) =>
        Assert.Equal(name, Assert.Single(SmallCorpus.Of(("", text)).Names.Titles.Titles).Title);

    private static double Weight(ChunkIndex index, string alias) =>
        Owners(index.Names.Titles, alias).Select(owner => owner.Weight).FirstOrDefault();

    private static AliasOwner[] Owners(TitleIndex titles, string alias)
    {
        var words = WordSequence.Known(EnglishText.Analyze(alias), titles.Corpus.Vocabulary);
        var found = new List<int>();
        titles.Match(words, 0, found);
        return found.Where(number => titles.AliasWords(number).Length == words.Length).SelectMany(titles.Owners).ToArray();
    }
}
