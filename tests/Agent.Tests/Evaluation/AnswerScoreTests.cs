namespace Agentic.Agent.Tests;

public sealed class AnswerScoreTests
{
    [Theory]
    [InlineData("The  Newport, Wales!", "newport wales")]
    [InlineData("an apple a day", "apple day")]
    [InlineData("U.S.A.", "usa")]
    [InlineData("“Ünïted” 5$", "“ünïted” 5")]
    [InlineData("Theatre", "theatre")]
    public void Normalisation_is_squads(string text, string expected) => Assert.Equal(expected, AnswerScore.Normalize(text));

    // answer {newport, wales}, alias {newport}: common 1, precision 1/2, recall 1, F1 = 2 * 0.5 / 1.5 = 2/3.
    // answer {x, x}, alias {x}: a token counts as often as the alias has it: common 1, precision 1/2, recall 1, F1 2/3.
    [Theory]
    [InlineData("Newport, Wales", "Newport", 2.0 / 3)]
    [InlineData("x x", "x", 2.0 / 3)]
    [InlineData("The Newport", "newport", 1)]
    [InlineData("Cardiff", "Newport", 0)]
    [InlineData("the", "an", 1)]
    [InlineData("the", "Newport", 0)]
    public void F1_is_the_harmonic_mean_over_tokens(string answer, string alias, double expected) =>
        Assert.Equal(expected, AnswerScore.F1(answer, [alias]), 1e-12);

    [Fact]
    public void The_best_alias_counts()
    {
        Assert.Equal(1, AnswerScore.ExactMatch("USA", ["United States", "U.S.A."]));
        Assert.Equal(1, AnswerScore.F1("USA", ["United States", "U.S.A."]));
    }

    [Fact]
    public void No_answer_scores_nothing()
    {
        Assert.Equal(0, AnswerScore.ExactMatch(null, ["", "the"]));
        Assert.Equal(0, AnswerScore.F1(null, ["", "the"]));
    }
}
