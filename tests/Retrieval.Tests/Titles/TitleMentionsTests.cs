namespace Agentic.Retrieval.Tests;

public sealed class TitleMentionsTests
{
    [Fact]
    public void The_longest_title_at_a_place_is_mentioned() =>
        Assert.Equal(["Vessen Town Hall"], Mentioned("He spoke at Vessen Town Hall twice.", ("Vessen", "A town."), ("Vessen Town Hall", "A hall.")));

    [Fact]
    public void Words_without_capitals_mention_nothing() =>
        Assert.Empty(Mentioned("The silent mill stood empty.", ("Silent Mill", "A film.")));

    [Fact]
    public void A_text_does_not_mention_its_own_title() =>
        Assert.Empty(Mentioned("In spring the Source was full.", ("Elsewhere", "No name here.")));

    [Fact]
    public void A_word_that_only_a_sentence_start_capitalises_is_no_name() =>
        Assert.Empty(Mentioned("It rained. Harbour walls broke, and the harbour flooded, as a harbour does.", ("Harbour", "A place.")));

    // Words oto, jan, brandl against oto, brandl: the two shared ones carry most of the information of the three.
    [Fact]
    public void A_name_with_a_word_more_finds_its_title_softly()
    {
        var mentions = Mentions("It was made by Oto Jan Brandl.", ("Oto Brandl", "Born in Vessen."), ("Jan Kolar", "Jan Kolar knew Jan Novak."), ("Jan Novak", "Jan Novak knew Jan Kolar."));

        Assert.Equal("Oto Brandl", Assert.Single(mentions).Title);
        Assert.InRange(mentions[0].Weight, 0.4, 0.7);
    }

    // Words oto, duran, kel against duran, duran, kel: a repeated word counts once, or the similarity would exceed 1.
    [Fact]
    public void A_repeated_word_of_a_title_counts_once() =>
        Assert.All(Mentions("It was made by Oto Duran Kel.", ("Duran Duran Kel", "A band."), ("Oto", "A town.")), mention => Assert.InRange(mention.Weight, 0, 1));

    private static IEnumerable<string> Mentioned(string text, params (string, string)[] others) => Mentions(text, others).Select(mention => mention.Title);

    private static (string Title, double Weight)[] Mentions(string text, params (string, string)[] others)
    {
        var names = SmallCorpus.Of([("Source", text), .. others]).Names;
        return [.. names.Mentions[0].Select(mention => (names.Titles.Titles[mention.Title].Title, mention.Weight))];
    }
}
