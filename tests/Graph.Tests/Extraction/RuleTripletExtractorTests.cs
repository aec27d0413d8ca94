using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

public sealed class RuleTripletExtractorTests
{
    private static readonly RuleTripletExtractor Extractor = new();

    [Theory]
    [InlineData("Harbour Lights (film)", "Harbour Lights is a 1951 Danish drama film directed by Inger Holt and starring Poul Ravn.", "director", "Inger Holt")]
    [InlineData("Harbour Lights (film)", "Harbour Lights is a 1951 Danish drama film directed by Inger Holt and starring Poul Ravn.", "cast member", "Poul Ravn")]
    [InlineData("Harbour Lights (film)", "Harbour Lights is a 1951 Danish drama film directed by Inger Holt and starring Poul Ravn.", "release date", "1951")]
    [InlineData("Harbour Lights (film)", "Harbour Lights is a 1951 Danish drama film directed by Inger Holt and starring Poul Ravn.", "country", "Danish")]
    [InlineData("Inger Holt", "Inger Holt (3 May 1909 – 12 June 1984) was a Danish director. She was born in Odense, Denmark.", "date of birth", "3 May 1909")]
    [InlineData("Inger Holt", "Inger Holt (3 May 1909 – 12 June 1984) was a Danish director. She was born in Odense, Denmark.", "date of death", "12 June 1984")]
    [InlineData("Inger Holt", "Inger Holt (3 May 1909 – 12 June 1984) was a Danish director. She was born in Odense, Denmark.", "place of birth", "Odense")]
    [InlineData("Inger Holt", "Inger Holt (3 May 1909 – 12 June 1984) was a Danish director. She was born in Odense, Denmark.", "nationality", "Denmark")]
    public void Reads_the_facts_of_an_encyclopedic_opening(string title, string text, string relation, string value) =>
        Assert.Contains(new Fact(title, relation, value), Extractor.Extract(Whole(title, text)));

    [Fact]
    public void Reads_statements_of_any_domain()
    {
        var facts = Extractor.Extract(Whole("Tolva pump", "The Tolva pump feeds the Merin reservoir. Karst Works installed Valve Nine."));
        Assert.Contains(new Fact("Karst Works", "installed", "Valve Nine"), facts);
    }

    [Fact]
    public void Is_the_same_every_time_and_without_repetitions()
    {
        var chunk = Whole("Olga Brandt", "Olga Brandt (born 1950) is a German poet. Olga Brandt married Emil Kraus. Brandt married Emil Kraus in Bonn.");
        var facts = Extractor.Extract(chunk);
        Assert.Equal(facts, Extractor.Extract(chunk));
        Assert.Equal(facts.Count, facts.Distinct().Count());
    }

    private static Chunk Whole(string title, string text) => new("d", "d", 0, title, text, 0, text.Length);
}
