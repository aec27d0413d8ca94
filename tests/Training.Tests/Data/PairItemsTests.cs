using Agentic.Agent;
using Agentic.Retrieval;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class PairItemsTests
{
    private static readonly ModelTokenizer Tokenizer = SmallTokenizer.Trained(300);
    private static readonly RowTokenizer Maker = new(Tokenizer);

    // Prompt 10 11; chosen: policy 12 13, tool 14, policy 15; rejected: policy 12 16.
    private static readonly TokenizedPair Pair = new(
        "p",
        0,
        2,
        new TokenizedRow("p/chosen", [10, 11, 12, 13, 14, 15], [Prompt(2), Policy(2, 2), Tool(4, 1), Policy(5, 1)]),
        new TokenizedRow("p/rejected", [10, 11, 12, 16], [Prompt(2), Policy(2, 2)]));

    // Prompt 20; sides 21 22 and 23.
    private static readonly TokenizedPair Short = new(
        "s", 0, 1, new TokenizedRow("s/chosen", [20, 21, 22], [Prompt(1), Policy(1, 2)]), new TokenizedRow("s/rejected", [20, 23], [Prompt(1), Policy(1, 1)]));

    [Fact]
    public void A_batch_holds_the_chosen_rows_first_and_masks_by_the_target()
    {
        using var batch = Items(LongRows.Refuse, 6, Pair, Short).Collate([0, 1], CPU);
        var groups = Assert.IsType<PairGroups>(batch.Groups);

        Assert.Equal([0L, 1], groups.ChosenRow.data<long>().ToArray());
        Assert.Equal([2L, 3], groups.RejectedRow.data<long>().ToArray());
        Assert.Equal([11L, 12, 13, 14, 15, 21, 22, 0, 0, 0, 11, 12, 16, 0, 0, 23, 0, 0, 0, 0], batch.Sequences.Targets.data<long>().ToArray());
        Assert.Equal(
            [false, true, true, false, true, true, true, false, false, false, false, true, true, false, false, true, false, false, false, false],
            batch.Sequences.CompletionMask.data<bool>().ToArray());
        Assert.Equal([2L, 0, 2, 0], batch.Sequences.ScoredFrom!.data<long>().ToArray()); // the target of position 2 is 13 on one side, 16 on the other
        Assert.Equal(4, batch.RowDigests!.Distinct().Count());
    }

    [Fact]
    public void Sizes_count_both_rows_and_the_loss_divides_by_the_chosen_side() =>
        Assert.Equal(new ItemSize(Rows: 2, Tokens: 8, LongestRow: 5, TrainedTokens: 3), Items(LongRows.Refuse, 6, Pair).SizeOf(0));

    [Fact]
    public void The_sides_part_at_the_first_token_that_differs_in_id_or_mask()
    {
        var unmasked = Pair with { Rejected = Pair.Chosen with { Spans = [Prompt(2), Policy(2, 4)] } };
        var longer = Pair with { Rejected = Pair.Chosen.Truncated(4) };

        Assert.Equal([3, 1], new[] { 0, 1 }.Select(Items(LongRows.Refuse, 6, Pair, Short).PartsAt));
        Assert.Equal((4, 4), (unmasked.PartsAt, longer.PartsAt));
        Assert.Null((Pair with { Rejected = Pair.Chosen }).PartsAt);
    }

    [Fact]
    public void A_long_pair_is_refused_by_name_or_dropped_and_counted()
    {
        var refused = Assert.Throws<AgenticException>(() => Items(LongRows.Refuse, 5, Short, Pair));
        var report = Items(LongRows.Drop, 5, Short, Pair).Report;

        Assert.Contains("pair p has 6 tokens on its longer side", refused.Message, StringComparison.Ordinal);
        Assert.Contains("training.longRows", refused.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1, 0, 5L), (report.Pairs, report.DroppedPairs, report.TruncatedPairs, report.Tokens));
    }

    // Context 4: the longer side has 4 tokens behind the prompt, so the prompt goes down to half of the context, 2; then the chosen side loses its end.
    [Fact]
    public void Truncation_cuts_the_prompt_at_its_start_down_to_half_of_the_context_and_a_side_at_its_end()
    {
        var wide = Widened(Pair, 3);

        var cut = wide.Truncated(4)!;

        Assert.Equal([10, 11, 12, 13], cut.Chosen.Ids);
        Assert.Equal([10, 11, 12, 16], cut.Rejected.Ids);
        Assert.Equal(2, cut.PromptTokens);
        Assert.Equal([Prompt(2), Policy(2, 2)], cut.Chosen.Spans);
    }

    [Fact]
    public void Truncation_keeps_the_token_that_opens_a_text_and_both_prompts_the_same()
    {
        var wide = Widened(Pair, 3) with { OpeningTokens = 1 };

        var cut = wide.Truncated(7)!;

        // 9 tokens come down to 7: the two after the opening one go.
        Assert.Equal([90, 10, 11, 12, 13, 14, 15], cut.Chosen.Ids);
        Assert.Equal([90, 10, 11, 12, 16], cut.Rejected.Ids);
    }

    [Fact]
    public void A_pair_whose_side_keeps_no_trained_token_is_dropped_and_counted_never_cut_to_one_side()
    {
        var late = Pair with { Chosen = Pair.Chosen with { Spans = [Prompt(2), Tool(2, 3), Policy(5, 1)] } };

        var report = Items(LongRows.Truncate, 5, late, Pair).Report;

        Assert.Equal((1, 1, 1, 2L, 2L), (report.Pairs, report.DroppedPairs, report.TruncatedPairs, report.ChosenTokens, report.RejectedTokens));
    }

    [Fact]
    public void Samples_without_their_pairing_keep_their_rows_and_labels()
    {
        var items = Items(LongRows.Refuse, 6, Pair, Short).Unpaired();
        using var batch = items.Collate([0, 3], CPU);

        Assert.Equal((4, 3, 1), (items.Count, items.SizeOf(0).TrainedTokens, items.SizeOf(3).TrainedTokens));
        Assert.Equal([true, false], Assert.IsType<UnpairedGroups>(batch.Groups).Label.data<bool>().ToArray());
        Assert.Equal([11L, 12, 13, 14, 15, 23, 0, 0, 0, 0], batch.Sequences.Targets.data<long>().ToArray());
    }

    // Given 2 (rejected p), 0 (chosen p), 1 (chosen s): the chosen ones first, 0 1 2; each gets the completion of the one before, the first that of the last.
    [Fact]
    public void Mismatched_rows_join_a_prompt_with_the_completion_before_it()
    {
        var mismatched = Items(LongRows.Refuse, 6, Pair, Short).Unpaired().Mismatched([2, 0, 1]);
        using var batch = mismatched.Collate([0, 1, 2], CPU);

        Assert.IsType<SequenceGroups>(batch.Groups);
        Assert.Equal([10L, 11, 12, 0, 0, 20, 12, 13, 14, 0, 10, 11, 21, 0, 0], Inputs(batch, [3, 4, 3]));
        Assert.Equal([2, 3, 2], Enumerable.Range(0, 3).Select(item => mismatched.SizeOf(item).TrainedTokens));
    }

    // Prompt of p (2) with the completion of a sample of 6 tokens behind a prompt of 1 would be 8; both have at most 7.
    [Fact]
    public void A_mismatched_row_is_never_longer_than_both_it_was_made_of()
    {
        var long1 = new TokenizedPair("l", 0, 1, new TokenizedRow("l/chosen", [30, 31, 32, 33, 34, 35, 36], [Prompt(1), Policy(1, 6)]), Short.Rejected);

        Assert.Equal(6, Items(LongRows.Refuse, 7, long1, Pair).Unpaired().Mismatched([0, 1]).SizeOf(1).LongestRow);
    }

    [Fact]
    public void What_the_policy_wrote_in_the_prompt_is_read_and_not_trained()
    {
        var pair = new PreferencePair("p", "q", "", [new(0, Author.Prompt, "Q\n"), new(1, Author.Policy, "Step 1\n"), new(1, Author.Tool, "seen\n")], [new(2, Author.Policy, "yes")], [new(2, Author.Policy, "no")]);
        var maker = new RowTokenizer(Tokenizer);

        var row = maker.Tokenize(pair);

        int[] prompt = [.. Tokenizer.Encode("Q\n"), .. Tokenizer.Encode("Step 1\n"), Tokenizer.EndId, .. Tokenizer.Encode("seen\n")];
        Assert.Equal([.. prompt, .. Tokenizer.Encode("yes"), Tokenizer.EndId], row.Chosen.Ids);
        Assert.Equal([.. prompt, .. Tokenizer.Encode("no"), Tokenizer.EndId], row.Rejected.Ids);
        Assert.Equal((prompt.Length, Tokenizer.Encode("yes").Count + 1), (row.PromptTokens, row.Chosen.TrainedTokens));
        Assert.Equal((0, 2, 3), (maker.RecordedSegments, maker.PolicySegmentsFromText, maker.OtherSegmentsFromText));
    }

    [Theory]
    [InlineData("yes", "p, chosen, segment 1: token id 99999 is outside the vocabulary")]
    [InlineData("no", "both sides come to the same tokens")]
    public void A_pair_that_cannot_be_trained_on_is_refused_by_name(string text, string reason)
    {
        int[] ids = text == "yes" ? [99999] : [.. Tokenizer.Encode("no"), Tokenizer.EndId];
        var pair = new PreferencePair("p", "q", "", [new(0, Author.Prompt, "Q\n")], [new(1, Author.Policy, text) { TokenIds = ids }], [new(1, Author.Policy, "no")]);

        Assert.Contains(reason, Assert.Throws<RowException>(() => Maker.Tokenize(pair)).Message, StringComparison.Ordinal);
    }

    private static PairItems Items(LongRows longRows, int context, params TokenizedPair[] pairs) => PairItems.Of(pairs, Maker, context, longRows, "pairs.jsonl");

    /// <summary>The pair with tokens 90 91 92 ... before its prompt.</summary>
    private static TokenizedPair Widened(TokenizedPair pair, int tokens)
    {
        TokenizedRow Wider(TokenizedRow row) => row with
        {
            Ids = [.. Enumerable.Range(90, tokens), .. row.Ids],
            Spans = [row.Spans[0] with { Length = row.Spans[0].Length + tokens }, .. row.Spans.Skip(1).Select(span => span with { Start = span.Start + tokens })],
        };
        return pair with { PromptTokens = pair.PromptTokens + tokens, Chosen = Wider(pair.Chosen), Rejected = Wider(pair.Rejected) };
    }

    private static TokenSpan Prompt(int length) => new(0, length, 0, Author.Prompt, false);

    private static TokenSpan Policy(int start, int length) => new(start, length, 1, Author.Policy, true);

    private static TokenSpan Tool(int start, int length) => new(start, length, 1, Author.Tool, false);

    /// <summary>Inputs of the batch; rows shorter than the longest are padded with 0.</summary>
    private static long[] Inputs(ObjectiveBatch batch, int[] lengths)
    {
        var (flat, width) = (batch.Sequences.InputIds.data<long>().ToArray(), (int)batch.Sequences.InputIds.shape[1]);
        Assert.Equal(lengths.Max(), width);
        return [.. lengths.SelectMany((length, row) => flat.Skip(row * width).Take(length).Concat(Enumerable.Repeat(0L, 5 - length)))];
    }
}
