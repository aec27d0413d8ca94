using Agentic.Agent;
using CsCheck;

namespace Agentic.Agent.Tests;

public sealed class QuestionParserTests
{
    private static readonly TitleLinker Linker = new("Grey Harbour", "Anna Velt", "Karl Velt", "North Pier (film)", "Romeo and Ida");

    [Theory]
    [InlineData("When was Anna Velt born?", "Anna Velt", "date of birth")]
    [InlineData("When did Anna Velt's mother die?", "Anna Velt", "mother.date of death")]
    [InlineData("Where was the director of the film Grey Harbour born?", "Grey Harbour", "director.place of birth")]
    [InlineData("What is the place of birth of the director of Grey Harbour?", "Grey Harbour", "director.place of birth")]
    [InlineData("Who is the paternal grandmother of Anna Velt?", "Anna Velt", "father.mother")]
    [InlineData("Who is Anna Velt's father-in-law?", "Anna Velt", "spouse.father")]
    [InlineData("Which country is the director of Grey Harbour from?", "Grey Harbour", "director.country")]
    [InlineData("Who directed Grey Harbour?", "Grey Harbour", "director")]
    [InlineData("Where was the man who directed Grey Harbour born?", "Grey Harbour", "director.place of birth")]
    [InlineData("Who directed North Pier (film)'s sequel Grey Harbour?", "Grey Harbour", "director")]
    [InlineData("Who did Anna Velt marry?", "Anna Velt", "spouse")]
    [InlineData("Why did Karl Velt's wife die?", "Karl Velt", "spouse.cause of death")]
    [InlineData("Who composed Romeo and Ida?", "Romeo and Ida", "composer")]
    [InlineData("when did anna velt die?", "anna velt", "date of death")]
    public void A_question_about_one_name_is_a_chain(string question, string entity, string chain)
    {
        var plan = Assert.IsType<SymbolicPlan.Chain>(QuestionParser.Parse(question, Linker));
        Assert.Equal(entity, plan.Leg.Entity);
        Assert.Equal(chain, string.Join('.', plan.Leg.Chains[0]));
    }

    [Theory]
    [InlineData("Who was born first, Anna Velt or Karl Velt?", "date of birth", true, "")]
    [InlineData("Who is younger, Anna Velt or Karl Velt?", "date of birth", false, "")]
    [InlineData("Which film came out earlier, Grey Harbour or North Pier?", "release date", true, "")]
    [InlineData("Which film has the director who died later, Grey Harbour or North Pier?", "date of death", false, "director")]
    [InlineData("Who lived longer, Anna Velt or Karl Velt?", "life span", false, "")]
    public void A_comparative_between_two_names_compares(string question, string relation, bool least, string leg)
    {
        var plan = Assert.IsType<SymbolicPlan.Compare>(QuestionParser.Parse(question, Linker));
        Assert.Equal(relation, plan.Relations[0]);
        Assert.Equal(least, plan.Least);
        Assert.Equal(leg, string.Join('.', plan.First.Chains[0]));
        Assert.Equal(leg, string.Join('.', plan.Second.Chains[0]));
    }

    [Theory]
    [InlineData("Are Anna Velt and Karl Velt from the same country?", "country", "")]
    [InlineData("Do the directors of Grey Harbour and North Pier share the same nationality?", "nationality", "director")]
    [InlineData("Does Anna Velt have the same nationality as Karl Velt?", "nationality", "")]
    public void Same_asks_whether_two_share_a_value(string question, string relation, string leg)
    {
        var plan = Assert.IsType<SymbolicPlan.Same>(QuestionParser.Parse(question, Linker));
        Assert.Equal(relation, plan.Relation);
        Assert.Equal(leg, string.Join('.', plan.First.Chains[0]));
        Assert.Equal(leg, string.Join('.', plan.Second.Chains[0]));
    }

    [Fact]
    public void Two_names_with_a_description_are_a_choice() =>
        Assert.IsType<SymbolicPlan.Choose>(QuestionParser.Parse("Which breed guards sheep, Anna Velt or Karl Velt?", Linker));

    [Fact]
    public void What_a_chain_leaves_unexplained_sends_the_question_to_the_general_search() =>
        Assert.IsType<SymbolicPlan.General>(QuestionParser.Parse("Which orchard supplied the cider that the director of Grey Harbour drank at Anna Velt's wedding?", Linker));

    [Fact]
    public void Any_text_is_parsed_without_an_exception() => Gen.String.Sample(text => QuestionParser.Parse(text, Linker) is not null);
}
