using Agentic.Agent;

namespace Agentic.Training.Tests;

public sealed class RowTokenizerTests
{
    private static readonly ModelTokenizer Tokenizer = SmallTokenizer.Trained(300);

    [Fact]
    public void Trained_are_exactly_the_tokens_of_policy_segments_with_their_ends()
    {
        Segment[] segments =
        [
            new(0, Author.Prompt, "Question: Who?\n"),
            new(1, Author.Policy, "Subquery: who made it\n"),
            new(1, Author.Tool, "Reference: Ida made it.\n"),
            new(2, Author.Policy, "Final answer: Ida"),
        ];

        var row = new RowTokenizer(Tokenizer).Tokenize("a", segments);

        // Each segment on its own, the end of the turn behind what the policy wrote and nowhere else.
        var expected = segments.SelectMany(segment => segment.Author == Author.Policy
            ? Tokenizer.Encode(segment.Text).Append(Tokenizer.EndId).Select(id => (id, true))
            : Tokenizer.Encode(segment.Text).Select(id => (id, false)));
        Assert.Equal(expected, row.Ids.Zip(Mask(row)));
        Assert.Equal(Mask(row).Count(trained => trained), row.TrainedTokens);
    }

    [Fact]
    public void Recorded_ids_win_over_the_text_and_both_are_counted()
    {
        // One token a byte: what no tokenizer would make of the text.
        int[] recorded = [.. "Ida".SelectMany(c => Tokenizer.Encode(c.ToString())), Tokenizer.EndId];
        var maker = new RowTokenizer(Tokenizer);

        var row = maker.Tokenize("a", [new(0, Author.Prompt, "Question: Who?\n"), new(1, Author.Policy, "Ida") { TokenIds = recorded }, new(1, Author.Policy, "Ida")]);

        Assert.Equal(recorded, row.Ids.Skip(row.Spans[1].Start).Take(recorded.Length));
        Assert.Equal((1, 1, 1), (maker.RecordedSegments, maker.PolicySegmentsFromText, maker.OtherSegmentsFromText));
    }

    [Fact]
    public void A_newline_the_system_added_behind_recorded_ids_is_read_but_not_trained()
    {
        var recorded = Tokenizer.Encode("Subquery: who");

        var row = new RowTokenizer(Tokenizer).Tokenize("a", [new(1, Author.Policy, "Subquery: who\n") { TokenIds = recorded }]);

        Assert.Equal([.. recorded, .. Tokenizer.Encode("\n")], row.Ids);
        Assert.Equal([(Author.Policy, true), (Author.Tool, false)], row.Spans.Select(span => (span.Author, span.IsTrained)));
    }

    [Fact]
    public void Ids_that_spell_another_text_are_refused()
    {
        var refused = Assert.Throws<RowException>(() => new RowTokenizer(Tokenizer).Tokenize("r7", [new(1, Author.Policy, "Ida") { TokenIds = Tokenizer.Encode("Ana") }]));

        Assert.Contains("row r7, segment 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"Ana\"", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void An_id_outside_the_vocabulary_is_refused(int id) =>
        Assert.Contains("outside the vocabulary", Assert.Throws<RowException>(
            () => new RowTokenizer(Tokenizer).Tokenize("a", [new(1, Author.Policy, "Ida") { TokenIds = [id] }])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_row_without_a_token_of_the_policy_is_refused() =>
        Assert.Throws<RowException>(() => new RowTokenizer(Tokenizer).Tokenize("a", [new(0, Author.Prompt, "Question: Who?\n")]));

    private static IEnumerable<bool> Mask(TokenizedRow row) => row.Spans.SelectMany(span => Enumerable.Repeat(span.IsTrained, span.Length));
}
