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
    [InlineData("Who tunes the organ of Grey Harbour?", "What is the organ of {0}?|Who tunes {0}?")]
    [InlineData("Where was the surveyor of Grey Harbour born?", "What is the surveyor of {0}?|place of birth")]
    [InlineData("Who founded the firm that dredges Grey Harbour?", "Which firm dredges {0}?|founder")]
    [InlineData("Where was the sculptor of the statue carved for Grey Harbour born?", "What is the statue carved of {0}?|creator|place of birth")]
    [InlineData("What is the oldest tower of the island on which Anna Velt lives?", "Which island on {0} lives?|What is the oldest tower of {0}?")]
    [InlineData("Which prize did the ferry win that links Grey Harbour?", "Which ferry links {0}?|award")]
    public void What_the_lexicon_does_not_know_is_asked_in_the_words_of_the_question(string question, string chain)
    {
        var plan = Assert.IsType<SymbolicPlan.Chain>(QuestionParser.Parse(question, Linker));
        Assert.Equal(chain, string.Join('|', plan.Leg.Chains[0]));
    }

    [Theory]
    [InlineData("Who was born first, Anna Velt or Karl Velt?", "date of birth", true, "")]
    [InlineData("Who is younger, Anna Velt or Karl Velt?", "date of birth", false, "")]
    [InlineData("Which film came out earlier, Grey Harbour or North Pier?", "release date", true, "")]
    [InlineData("Which film has the director who died later, Grey Harbour or North Pier?", "date of death", false, "director")]
    [InlineData("Which film has the older director, Grey Harbour or North Pier?", "date of birth", true, "director")]
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
    [InlineData("Were Anna Velt and Karl Velt born in the same city?", "place of birth", "")]
    [InlineData("Does Anna Velt have the same nationality as Karl Velt?", "nationality", "")]
    public void Same_asks_whether_two_share_a_value(string question, string relation, string leg)
    {
        var plan = Assert.IsType<SymbolicPlan.Same>(QuestionParser.Parse(question, Linker));
        Assert.Equal(relation, plan.Relation);
        Assert.Equal(leg, string.Join('.', plan.First.Chains[0]));
        Assert.Equal(leg, string.Join('.', plan.Second.Chains[0]));
    }

    [Theory]
    [InlineData("Did Anna Velt die before Karl Velt?", "date of death", "date of death", true)]
    [InlineData("Was Grey Harbour opened after North Pier was dredged?", "date of foundation", "When was {0} dredged?", false)]
    [InlineData("Is Anna Velt older than Karl Velt?", "date of birth", "date of birth", true)]
    public void A_yes_no_question_may_order_two_dates(string question, string first, string second, bool before)
    {
        var plan = Assert.IsType<SymbolicPlan.Order>(QuestionParser.Parse(question, Linker));
        Assert.Equal((first, second, before), (plan.First.Chains[0][^1], plan.Second.Chains[0][^1], plan.Before));
    }

    [Theory]
    [InlineData("Who tuned both Grey Harbour and North Pier?", "Who tuned {0}?", "Who tuned {0}?")]
    [InlineData("Where were both Anna Velt and the director of Grey Harbour born?", "place of birth", "director|place of birth")]
    public void Both_asks_for_what_two_have_in_common(string question, string first, string second)
    {
        var plan = Assert.IsType<SymbolicPlan.Shared>(QuestionParser.Parse(question, Linker));
        Assert.Equal((first, second), (string.Join('|', plan.First.Chains[0]), string.Join('|', plan.Second.Chains[0])));
    }

    [Fact]
    public void A_county_is_where_the_place_lies_or_the_place_itself()
    {
        var plan = Assert.IsType<SymbolicPlan.Chain>(QuestionParser.Parse("In which county was Anna Velt born?", Linker));
        Assert.Equal(["place of birth|located in", "place of birth"], plan.Leg.Chains.Select(chain => string.Join('|', chain)));
    }

    [Fact]
    public void Two_names_with_a_description_are_a_choice() =>
        Assert.IsType<SymbolicPlan.Choose>(QuestionParser.Parse("Which breed guards sheep, Anna Velt or Karl Velt?", Linker));

    [Fact]
    public void A_request_without_a_question_word_goes_to_the_general_search() =>
        Assert.IsType<SymbolicPlan.General>(QuestionParser.Parse("Name the orchard that supplied the wedding at Grey Harbour with cider.", Linker));

    [Fact]
    public void Any_text_is_parsed_without_an_exception() => Gen.String.Sample(text => QuestionParser.Parse(text, Linker) is not null);
}
