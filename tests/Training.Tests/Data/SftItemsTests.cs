using Agentic.Agent;
using Agentic.Retrieval;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class SftItemsTests
{
    private static readonly RowTokenizer Maker = new(SmallTokenizer.Trained(300));

    // Prompt 10 11, policy 12 13, tool 14, policy 15.
    private static readonly TokenizedRow Row = new("a", [10, 11, 12, 13, 14, 15],
        [new(0, 2, 0, Author.Prompt, false), new(2, 2, 1, Author.Policy, true), new(4, 1, 1, Author.Tool, false), new(5, 1, 2, Author.Policy, true)]);

    [Fact]
    public void A_batch_pairs_each_input_with_the_token_after_it_and_masks_by_the_target()
    {
        using var batch = Items(LongRows.Refuse, 6, Row, Row.Truncated(4)).Collate([0, 1], CPU);

        Assert.Equal([10L, 11, 12, 13, 14, 10, 11, 12, 0, 0], batch.Sequences.InputIds.data<long>().ToArray());
        Assert.Equal([11L, 12, 13, 14, 15, 11, 12, 13, 0, 0], batch.Sequences.Targets.data<long>().ToArray());
        Assert.Equal([false, true, true, false, true, false, true, true, false, false], batch.Sequences.CompletionMask.data<bool>().ToArray());
    }

    [Fact]
    public void Sizes_count_what_the_model_reads_and_what_the_loss_touches() =>
        Assert.Equal(new ItemSize(Rows: 1, Tokens: 5, LongestRow: 5, TrainedTokens: 3), Items(LongRows.Refuse, 6, Row).SizeOf(0));

    [Fact]
    public void A_long_row_is_refused_by_name()
    {
        var refused = Assert.Throws<AgenticException>(() => Items(LongRows.Refuse, 5, Row));

        Assert.Contains("row a has 6 tokens", refused.Message, StringComparison.Ordinal);
        Assert.Contains("training.longRows", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_row_is_dropped_and_counted()
    {
        var report = Items(LongRows.Drop, 5, Row, Row.Truncated(4)).Report;

        Assert.Equal((1, 1, 0), (report.Rows, report.DroppedRows, report.TruncatedRows));
    }

    [Fact]
    public void A_long_row_is_cut_at_its_end_and_dropped_only_when_nothing_trained_is_left()
    {
        var promptOnly = Row with { Spans = [new(0, 5, 0, Author.Prompt, false), new(5, 1, 1, Author.Policy, true)] };

        var items = Items(LongRows.Truncate, 5, Row, promptOnly);

        Assert.Equal((1, 1, 1), (items.Report.Rows, items.Report.DroppedRows, items.Report.TruncatedRows));
        Assert.Equal(2, items.SizeOf(0).TrainedTokens);
    }

    [Fact]
    public void Nothing_left_is_an_error() => Assert.Throws<AgenticException>(() => Items(LongRows.Drop, 5, Row));

    [Fact]
    public void The_digest_sees_ids_and_mask()
    {
        var other = Row with { Ids = [10, 11, 12, 13, 14, 16] };
        var unmasked = Row with { Spans = [new(0, 3, 0, Author.Prompt, false), new(3, 1, 1, Author.Policy, true), new(4, 1, 1, Author.Tool, false), new(5, 1, 2, Author.Policy, true)] };

        Assert.Equal(3, new[] { Row, Row, other, unmasked }.Select(row => Items(LongRows.Refuse, 6, row).Digest).Distinct().Count());
    }

    private static SftItems Items(LongRows longRows, int context, params TokenizedRow[] rows) => SftItems.Of(rows, Maker, context, longRows, "rows.jsonl");
}
