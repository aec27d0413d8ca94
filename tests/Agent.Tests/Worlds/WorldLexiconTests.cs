using Agentic.Agent;

namespace Agentic.Agent.Tests.Worlds;

public sealed class WorldLexiconTests
{
    private static readonly WorldLexicon Lexicon = WorldLexicon.Default;

    public static TheoryData<string> Kinds => [.. Lexicon.Kinds.Select(kind => kind.Name)];

    public static TheoryData<string> Asked => [.. Lexicon.Relations.Where(relation => relation.Asks.Count > 0).Select(relation => relation.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Everything_a_kind_has_can_be_stated_and_is_a_relation(string name)
    {
        var kind = Lexicon.Kind(name);
        var forms = kind.Openings.Concat(kind.Statements).ToArray();

        Assert.All(kind.Has, has =>
        {
            Assert.NotNull(Lexicon.Find(has.Relation));
            Assert.Contains(forms, form => form.Relations.Contains(has.Relation));
        });
        Assert.All(forms.SelectMany(form => form.Relations), relation => Assert.Contains(kind.Has, has => has.Relation == relation));
        Assert.All(forms.Select(form => form.Inverse).OfType<string>(), relation => Assert.Equal(name, Lexicon.Relation(relation).Value));
        Assert.All(forms.Select(form => form.Text).Concat(kind.Fillers), text => Assert.Contains("{s", text, StringComparison.Ordinal));
        Assert.True(kind.Fillers.Count >= 2 && kind.Openings.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public void A_relation_that_is_asked_for_has_several_phrasings_and_one_of_them_is_held_out(string name)
    {
        var relation = Lexicon.Relation(name);

        Assert.True(relation.Asks.Count(form => !form.HeldOut) >= 2, "asks");
        Assert.Single(relation.Asks, form => form.HeldOut);
        Assert.All(relation.Asks.Concat(relation.Roles), form => Assert.Contains("{0}", form.Text, StringComparison.Ordinal));
        Assert.Contains("{0}", relation.Step, StringComparison.Ordinal);
        Assert.Contains("{1}", relation.Fact, StringComparison.Ordinal);
        Assert.Contains("{0}", relation.Lack, StringComparison.Ordinal);
        Assert.Equal(Lexicon.IsKind(relation.Value), relation.Roles.Count > 0);
        Assert.True(!Lexicon.IsKind(relation.Value) || (relation.Roles.Any(form => form.HeldOut) && relation.Roles.Any(form => !form.HeldOut && !form.NeedsName)));
    }

    [Theory]
    [InlineData("Bavel Suri", "person")]
    [InlineData("Bavel Suri (judge)", "person")]
    [InlineData("Bavel", "city")]
    [InlineData("Mount Bavel", "mountain")]
    [InlineData("Bavel Tales (novel)", "novel")]
    [InlineData("Bavel River", "river")]
    public void A_name_shows_its_kind(string name, string kind) => Assert.Equal(kind, Lexicon.KindOf(name).Name);

    [Fact]
    public void Some_names_take_an_article_and_sentences_begin_with_a_capital()
    {
        Assert.Equal("The Bavel River rises on Mount Suri.", Lexicon.Fill("{0} rises on {1}.", "Bavel River", "Mount Suri"));
        Assert.Equal("Who leads the Bavel Republic?", Lexicon.Fill("Who leads {0}?", "Bavel Republic"));
    }

    // 5 : 3 : 2 of 11, and at least one of each: 5.5, 3.3 and 2.2 lose their fractions, and the largest gets the document that is left.
    [Fact]
    public void Shares_are_rounded_to_the_exact_total()
    {
        Assert.Equal([6, 3, 2], WorldPopulation.Counts([5, 3, 2], 11));
        Assert.Equal([1, 1, 1], WorldPopulation.Counts([100, 1, 1], 3));
        Assert.Equal([18, 1, 1], WorldPopulation.Counts([100, 1, 1], 20));
    }

    [Fact]
    public void What_one_kind_cannot_fill_goes_to_the_others() => Assert.Equal([2, 7, 1], WorldQuestions.Allotted([50, 40, 10], [2, 100, 1], 10));
}
