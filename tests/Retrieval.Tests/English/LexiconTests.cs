using Agentic.Retrieval;

namespace Agentic.Retrieval.Tests;

public sealed class LexiconTests
{
    [Theory]
    [InlineData("paternal grandmother", "father mother")]
    [InlineData("maternal grandfather", "mother father")]
    [InlineData("mother in law", "spouse mother")]
    [InlineData("husband", "spouse")]
    public void Kinship_is_a_chain_of_basic_relations(string phrase, string chain)
    {
        Assert.True(RelationLexicon.TryReadPhrase(phrase, out var chains));
        Assert.Equal(chain.Split(' '), chains[0]);
    }

    [Fact]
    public void A_sibling_in_law_is_either_of_two_chains()
    {
        Assert.True(RelationLexicon.TryReadPhrase("sister in law", out var chains));
        Assert.Equal([["spouse", "sibling"], ["sibling", "spouse"]], chains);
    }

    [Theory]
    [InlineData("where", "died", "place of death")]
    [InlineData("when", "die", "date of death")]
    [InlineData("why", "die", "cause of death")]
    [InlineData("who", "marry", "spouse")]
    [InlineData("who", "wrote", "author")]
    public void The_question_word_decides_what_a_verb_asks_for(string asked, string verb, string relation)
    {
        Assert.True(RelationLexicon.TryReadVerb(asked, verb, out var found));
        Assert.Equal(relation, found);
    }

    [Fact]
    public void The_question_of_a_relation_is_recognised_again()
    {
        var question = RelationLexicon.Ask("date of birth", "Anna Velt");
        Assert.Equal("When was Anna Velt born?", question);
        Assert.Equal("date of birth", RelationLexicon.AskedBy(question, "Anna Velt"));
    }

    [Theory]
    [InlineData("Scottish", "United Kingdom", true)]
    [InlineData("Denmark", "Denmark", false)]
    [InlineData("U.S.", "United States", false)]
    public void Country_words_tell_the_state(string word, string state, bool adjective)
    {
        Assert.True(CountryLexicon.TryFind(word, out var found));
        Assert.Equal(state, found.Country.State);
        Assert.Equal(adjective, found.IsAdjective);
    }

    [Fact]
    public void A_broken_pattern_line_is_refused_with_the_line() =>
        Assert.Contains("{x:name}", Assert.Throws<FormatException>(() => FactPatternSet.Read([".9 {x:name}"])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("wound", "wind")]
    [InlineData("written", "write")]
    [InlineData("designed", "designed")]
    public void Irregular_forms_lead_to_their_verb(string form, string verb) => Assert.Equal(verb, IrregularVerbs.BaseOf(form));

    [Theory]
    [InlineData("Which company winds {0}?", nameof(ValueKind.Name))]
    [InlineData("Who tunes {0}?", nameof(ValueKind.Person))]
    [InlineData("In which village is {0} made?", nameof(ValueKind.Place))]
    [InlineData("How many people work for {0}?", nameof(ValueKind.Number))]
    public void An_open_relation_is_a_question_with_a_hole(string relation, string kind)
    {
        Assert.Equal(kind, RelationLexicon.KindOf(relation).ToString());
        Assert.Equal(relation.Replace("{0}", "Rig Nine", StringComparison.Ordinal), RelationLexicon.Ask(relation, "Rig Nine"));
    }
}
