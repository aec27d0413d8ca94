namespace Agentic.Retrieval.Tests;

public sealed class QuestionLinkerTests
{
    private static readonly CorpusNames Names = SmallCorpus.Of(
        ("The Silent Mill (1931 film)", "The Silent Mill is a film directed by Oto Brandl."),
        ("The Silent Mill (1964 film)", "The Silent Mill is a film about a mill in the north."),
        ("Mill", "A mill grinds grain. Each mill has a wheel, and a mill needs a miller."),
        ("Oto Brandl", "Oto Brandl was a director from Vessen."),
        ("Vessen", "Vessen is a town. People of Vessen speak two languages."),
        ("Vessen Town Hall", "The hall stands in the middle of Vessen."),
        ("Lists of towns", "Every town is on one list or another, and every list is long.")).Names;

    [Fact]
    public void The_longest_name_explains_its_words_and_shorter_ones_in_it_are_not_found_again() =>
        Assert.Equal(["Vessen Town Hall"], Linked("Who built Vessen Town Hall?"));

    [Fact]
    public void Two_names_are_both_found() => Assert.Equal(["Oto Brandl", "Vessen"], Linked("Did Oto Brandl live in Vessen?").Order(StringComparer.Ordinal));

    [Fact]
    public void Namesakes_stay_beside_each_other() =>
        Assert.Equal(["The Silent Mill (1931 film)", "The Silent Mill (1964 film)"], Linked("Who directed The Silent Mill?").Order(StringComparer.Ordinal));

    [Fact]
    public void A_qualifier_in_the_question_puts_its_namesake_first() =>
        Assert.Equal("The Silent Mill (1964 film)", Linked("Who directed The Silent Mill (1964 film)?")[0]);

    [Fact]
    public void Words_without_a_capital_name_nothing_in_a_question_with_capitals() =>
        Assert.DoesNotContain("Mill", Linked("Which mill did Oto Brandl own?"));

    [Fact]
    public void A_question_without_capitals_links_what_the_corpus_writes_with_capitals() =>
        Assert.Equal(["Oto Brandl"], Linked("which mill did oto brandl own?"));

    [Fact]
    public void Only_the_words_of_the_name_are_explained()
    {
        var linked = Names.Questions.Link(EnglishText.Analyze("Where was Oto Brandl born?"));

        Assert.Equal([false, false, true, true, false], linked.Explained);
    }

    private static string[] Linked(string question) =>
        [.. Names.Questions.Link(EnglishText.Analyze(question)).Titles.Select(link => Names.Titles.Titles[link.Title].Title)];
}
