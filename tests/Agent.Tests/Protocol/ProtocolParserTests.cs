using CsCheck;

namespace Agentic.Agent.Tests;

public sealed class ProtocolParserTests
{
    [Fact]
    public void First_step_is_read_and_ends_with_the_newline_of_its_subquery()
    {
        const string Text = "Step 1:\nImportant entity: Nora Vale, \"Newport, Wales\"\nSubquery: Who is Nora Vale?\n";

        var move = Assert.IsType<PolicyMove.NextStep>(ProtocolParser.Parse(Text + "<Reference>invented</Reference>", 0));

        Assert.Equal(["Nora Vale", "Newport, Wales"], move.KeyEntities);
        Assert.Equal("Who is Nora Vale?", move.Subquery);
        Assert.Equal(Text.Length, move.Length);
        Assert.Null(move.Summary);
    }

    [Fact]
    public void Later_step_begins_with_the_summary_of_the_one_before()
    {
        var move = Assert.IsType<PolicyMove.NextStep>(ProtocolParser.Parse("Summary: she was born\nin Ullin\nStep 2:\nImportant entity:\nSubquery: Where is Ullin?", 1));

        Assert.Equal("she was born in Ullin", move.Summary);
        Assert.Empty(move.KeyEntities);
        Assert.Equal("Where is Ullin?", move.Subquery);
        Assert.Equal("Summary: she was born\nin Ullin\n".Length, move.StepStart);
    }

    [Theory]
    [InlineData("Summary: a fact\nFinal answer: Ullin")]
    [InlineData("**Summary:** a fact\n\n**Final answer:** Ullin\n\nBecause of the fact.")]
    [InlineData("summary: a fact\nFINAL ANSWER:\n**Ullin**\n")]
    [InlineData("### Summary: a fact\nFinal answer: *Ullin*")]
    public void Final_answer_is_its_first_line_whatever_the_decoration(string text)
    {
        var move = Assert.IsType<PolicyMove.FinalAnswer>(ProtocolParser.Parse(text, 1));

        Assert.Equal("Ullin", move.Answer);
        Assert.Equal("a fact", move.Summary);
        Assert.Equal(text.Length, move.Length);
    }

    [Fact]
    public void An_answer_without_any_step_is_an_answer() =>
        Assert.Equal("yes", Assert.IsType<PolicyMove.FinalAnswer>(ProtocolParser.Parse("Final answer: yes", 0)).Answer);

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("  \n\n", 1, "empty")]
    [InlineData("Hello, I am a model.", 0, "neither a step nor a final answer")]
    [InlineData("Step 2:\nImportant entity: a\nSubquery: b\n", 0, "step 2 stands where step 1 is due")]
    [InlineData("Step 99999999999999999999:\nImportant entity: a\nSubquery: b\n", 0, "neither a step")]
    [InlineData("Step 1:\nSubquery: b\n", 0, "no line of important entities")]
    [InlineData("Step 1:\nImportant entity: a\n", 0, "no subquery")]
    [InlineData("Step 1:\nImportant entity: a\nSubquery:   \n", 0, "no subquery")]
    [InlineData("Step 1:\nImportant entity: a\nSubquery: <Reference>\n", 0, "the subquery is empty")]
    [InlineData("Step 2:\nImportant entity: a\nSubquery: b\n", 1, "where the summary of step 1 is due")]
    [InlineData("Summary:\nStep 2:\nImportant entity: a\nSubquery: b\n", 1, "summary of step 1 is empty")]
    [InlineData("Summary: s\nFinal answer:  \n", 1, "final answer is empty")]
    public void Anything_else_is_malformed_with_a_reason(string text, int stepsSoFar, string reason)
    {
        var move = Assert.IsType<PolicyMove.Malformed>(ProtocolParser.Parse(text, stepsSoFar));

        Assert.Contains(reason, move.Reason, StringComparison.Ordinal);
        Assert.Equal(text.Length, move.Length);
    }

    [Fact]
    public void A_summary_alone_is_told_apart() =>
        Assert.Equal(new PolicyMove.SummaryOnly("cut off by the token lim", 33), ProtocolParser.Parse("Summary: cut off by the token lim", 1));

    [Fact]
    public void Names_and_subqueries_are_bounded()
    {
        static PolicyMove Step(string entities, string subquery) => ProtocolParser.Parse($"Step 1:\nImportant entity: {entities}\nSubquery: {subquery}\n", 0);

        Assert.IsType<PolicyMove.Malformed>(Step(string.Join(',', Enumerable.Range(0, ProtocolParser.MostEntities + 1)), "q"));
        Assert.IsType<PolicyMove.Malformed>(Step(new string('x', ProtocolParser.LongestName + 1), "q"));
        Assert.IsType<PolicyMove.Malformed>(Step("a", new string('x', ProtocolParser.LongestSubquery + 1)));
    }

    [Theory]
    [InlineData("Ullin", "Ullin")]
    [InlineData(" \n Final answer: Ullin\nmore", "Ullin")]
    public void A_forced_answer_is_the_first_line_that_says_something(string text, string answer) =>
        Assert.Equal(answer, Assert.IsType<PolicyMove.FinalAnswer>(ProtocolParser.ParseForced(text)).Answer);

    [Fact]
    public void What_is_written_by_the_protocol_is_read_back()
    {
        var name = Gen.String[Gen.Char["abcXYZ ,.'-éß"], 1, 30].Where(text => text.Trim(' ', ',', '.', '-', '\'').Length > 0);
        Gen.Select(Gen.Int[0, 4], name.Array[0, 5], name, name).Sample((steps, names, subquery, summary) =>
        {
            var entities = names.Select(ProtocolText.OneLine).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
            var text = (steps > 0 ? ProtocolText.RenderSummary(summary) : "") + ProtocolText.RenderStep(steps + 1, entities, subquery);

            var move = (PolicyMove.NextStep)ProtocolParser.Parse(text, steps);

            Assert.Equal(entities, move.KeyEntities);
            Assert.Equal(ProtocolText.OneLine(subquery), move.Subquery);
            Assert.Equal(text.Length, move.Length);
        });
    }

    [Fact]
    public void Any_mixture_of_the_protocols_words_gives_a_move_inside_the_text()
    {
        string[] words = ["Step 1:", "Step 2:", "Step", "Important entity:", "Subquery:", "Summary:", "Final answer:", "<Reference>", "</Reference>", "\n", "**", ":", " ", "\ud800", "\0"];
        var piece = Gen.OneOf(Gen.Int[0, words.Length - 1].Select(word => words[word]), Gen.String[Gen.Char, 0, 8]);
        Gen.Select(piece.Array[0, 20], Gen.Int[0, 5]).Sample((pieces, steps) =>
        {
            var text = string.Concat(pieces);

            var move = ProtocolParser.Parse(text, steps);

            Assert.InRange(move.Length, 0, text.Length);
            Assert.True(move is not PolicyMove.NextStep next || (next.StepStart < move.Length && next.Subquery.Length > 0));
            Assert.InRange(ProtocolParser.ParseForced(text).Length, 0, text.Length);
        });
    }
}
