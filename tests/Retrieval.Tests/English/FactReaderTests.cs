using Agentic.Retrieval;
using CsCheck;

namespace Agentic.Retrieval.Tests;

public sealed class FactReaderTests
{
    [Theory]
    [InlineData("Grey Harbour", "Grey Harbour is a 1962 film written, produced and directed by Tove Lindqvist.", "director", "Tove Lindqvist")]
    [InlineData("Grey Harbour", "Grey Harbour is a film. It was directed by the Danish filmmaker Tove Lindqvist and stars Knud Berg.", "director", "Tove Lindqvist")]
    [InlineData("Grey Harbour", "Grey Harbour is a drama about sailors in Bergen, Norway, directed by Tove Lindqvist.", "director", "Tove Lindqvist")]
    [InlineData("Grey Harbour", "Grey Harbour is a film by Tove Lindqvist, made in 1962.", "release date", "1962")]
    [InlineData("Grey Harbour", "Grey Harbour is a film starring Knud Berg and Eva Dahl.", "cast member", "Knud Berg")]
    [InlineData("Grey Harbour", "Grey Harbour is a film with music composed by Arvid Moen.", "composer", "Arvid Moen")]
    [InlineData("Slow Tide", "\"Slow Tide\" is a song by Welsh singer Carys Bowen from her second album.", "performer", "Carys Bowen")]
    [InlineData("The Salt Road", "The Salt Road is a novel by the Polish writer Marek Zieba.", "author", "Marek Zieba")]
    [InlineData("Anna Velt", "Anna Velt (1801–1880) was the second daughter of Count Otto Velt and his wife Clara Baum.", "father", "Count Otto Velt")]
    [InlineData("Anna Velt", "Anna Velt (1801–1880) was the second daughter of Count Otto Velt and his wife Clara Baum.", "mother", "Clara Baum")]
    [InlineData("Anna Velt", "Anna Velt was a painter. She was born in Graz to Clara Baum, and her husband, the lawyer Otto Velt.", "father", "Otto Velt")]
    [InlineData("Anna Velt", "Anna Velt was a painter. She married Paul Stern in 1822.", "spouse", "Paul Stern")]
    [InlineData("Anna Velt", "Anna Velt was a painter and the sister of Lena Velt.", "sibling", "Lena Velt")]
    [InlineData("Anna Velt", "Anna Velt (Graz, 4 May 1801 – Linz, 9 June 1880) was a painter.", "place of birth", "Graz")]
    [InlineData("Anna Velt", "Anna Velt (Graz, 4 May 1801 – Linz, 9 June 1880) was a painter.", "date of death", "9 June 1880")]
    [InlineData("Anna Velt", "Anna Velt(4 May 18019 June 1880) was a painter.", "date of birth", "4 May 1801")]
    [InlineData("Anna Velt", "Anna Velt (May 4, 1801 June 9, 1880) was a painter.", "date of death", "June 9, 1880")]
    [InlineData("Anna Velt", "Anna Velt was a painter. She died of pneumonia in Linz.", "cause of death", "pneumonia")]
    [InlineData("Anna Velt", "Anna Velt was a painter. She died in Linz, Austria, on 9 June 1880.", "place of death", "Linz")]
    [InlineData("Anna Velt", "Anna Velt was a painter. She was buried in Oak Cemetery.", "place of burial", "Oak Cemetery")]
    [InlineData("Anna Velt", "Anna Velt was an Austrian painter.", "nationality", "Austrian")]
    [InlineData("Anna Velt", "Anna Velt was a Vardish landscape painter.", "nationality", "Vardish")]
    [InlineData("Anna Velt", "At nineteen the Vardish painter Anna Velt left home.", "nationality", "Vardish")]
    [InlineData("Grey Harbour", "Grey Harbour is a film. The score was written by Arvid Moen.", "composer", "Arvid Moen")]
    [InlineData("Grey Harbour", "Grey Harbour was the last film that Tove Lindqvist directed.", "director", "Tove Lindqvist")]
    [InlineData("Grey Yard", "Grey Yard is a shipyard in Bergen. Arvid Moen was its founder.", "founder", "Arvid Moen")]
    [InlineData("Anna Velt", "Anna Velt was an Austrian painter. She never left Austria.", "nationality", "Austria")]
    [InlineData("Anna Velt", "Anna Velt was a painter. She studied law at King's College.", "educated at", "King's College")]
    [InlineData("Anna Velt", "Anna Velt was a professor of botany at the University of Graz.", "employer", "University of Graz")]
    [InlineData("Anna Velt", "Anna Velt was a painter. She received the Larsen Prize.", "award", "Larsen Prize")]
    [InlineData("Merin Bridge", "Merin Bridge is a bridge in the village of Tolva, Hungary.", "country", "Hungary")]
    [InlineData("Tolva Press", "Tolva Press is a publisher founded in 1911 by Ida Rask.", "date of foundation", "1911")]
    [InlineData("Tolva Press", "Tolva Press is a publisher founded in 1911 by Ida Rask.", "founder", "Ida Rask")]
    public void Reads_a_relation_of_the_title(string title, string text, string relation, string value) =>
        Assert.Equal(value, Best(title, text, relation));

    [Theory]
    [InlineData("Grey Harbour is a film by Tove Lindqvist.", "performer")]
    [InlineData("Grey Harbour is a film. The score was written by Arvid Moen.", "author")]
    public void A_vaguer_reading_yields_to_a_surer_one(string text, string relation) =>
        Assert.DoesNotContain(FactReader.Read("Grey Harbour", text), fact => fact.Relation == relation);

    [Fact]
    public void An_apposition_belongs_to_the_name_before_it()
    {
        var facts = FactReader.Read("Karl Velt", "Karl Velt was a son of Otto Velt and Clara Baum, daughter of Jan Baum.");
        Assert.Contains(facts, fact => fact is { Head: "Clara Baum", Relation: "father", Tail: "Jan Baum" });
        Assert.DoesNotContain(facts, fact => fact is { Head: "Karl Velt", Relation: "father", Tail: "Jan Baum" });
    }

    [Fact]
    public void The_wife_of_the_father_is_not_the_spouse_of_the_child() =>
        Assert.Null(Best("Karl Velt", "Karl Velt was the son of Otto Velt and his wife Clara Baum.", "spouse"));

    [Fact]
    public void A_list_gives_each_of_its_members_the_first_most_surely()
    {
        var cast = FactReader.Read("Grey Harbour", "Grey Harbour is a film starring Knud Berg, Eva Dahl and Ole Lund.").Where(fact => fact.Relation == "cast member").ToArray();
        Assert.Equal(["Knud Berg", "Eva Dahl", "Ole Lund"], cast.OrderByDescending(fact => fact.Score).Select(fact => fact.Tail));
    }

    [Fact]
    public void A_text_without_title_is_about_the_name_it_opens_with() =>
        Assert.Contains(FactReader.Read("", "Anna Velt was born in Graz."), fact => fact is { Head: "Anna Velt", Relation: "place of birth", Tail: "Graz" });

    [Fact]
    public void Later_sentences_weigh_less()
    {
        var early = FactReader.Read("Anna Velt", "Anna Velt was born in Graz.").Single(fact => fact.Relation == "place of birth");
        var late = FactReader.Read("Anna Velt", "Anna Velt painted. She taught. She was born in Graz.").Single(fact => fact.Relation == "place of birth");
        Assert.True(late.Score < early.Score);
    }

    [Fact]
    public void Any_text_is_read_without_an_exception_and_the_same_twice()
    {
        string[] words = ["son", "of", "and", "born", "in", "(", ")", "–", "Anna", "Velt", "1801", ",", ".", "his", "wife", "directed", "by", "'s", "\"", "was", "a", "May", "II", "18019", "é"];
        var texts = Gen.Int[0, words.Length - 1].Select(i => words[i]).Array[0, 40].Select(parts => string.Join(' ', parts));
        Gen.OneOf(texts, Gen.String).Sample(text =>
        {
            var facts = FactReader.Read("Anna Velt (painter)", text);
            Assert.Equal(facts, FactReader.Read("Anna Velt (painter)", text));
            Assert.All(facts, fact => Assert.InRange(fact.Score, double.Epsilon, 1));
        });
    }

    private static string? Best(string title, string text, string relation) => FactReader.Read(title, text)
        .Where(fact => fact.Head == title && fact.Relation == relation)
        .OrderByDescending(fact => fact.Score)
        .Select(fact => fact.Tail)
        .FirstOrDefault();
}
