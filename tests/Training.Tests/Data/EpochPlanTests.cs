using Agentic.Retrieval;

namespace Agentic.Training.Tests;

public sealed class EpochPlanTests
{
    private const int TokensPerUpdate = 400;

    private static readonly SftItems Items = RandomRows.Items(rows: 500, vocabulary: 50, shortest: 8, longest: 60);

    [Fact]
    public void Every_item_is_in_exactly_one_update() =>
        Assert.Equal(Enumerable.Range(0, Items.Count), Plan(0).SelectMany(update => update).Order());

    [Fact]
    public void A_plan_depends_on_seed_and_epoch_alone()
    {
        Assert.Equal(Plan(0), Plan(0));
        Assert.NotEqual(Plan(0), Plan(1));
        Assert.NotEqual(Plan(0), EpochPlan.Make(Items, new Seed(4), 0, TokensPerUpdate).Updates);
    }

    // A part ends with the item that fills it: it is off by less than the longest row on each side.
    [Fact]
    public void Updates_are_about_equally_large() =>
        Assert.All(Plan(0), update => Assert.InRange(update.Sum(item => Items.SizeOf(item).Tokens), TokensPerUpdate - 80, TokensPerUpdate + 80));

    [Fact]
    public void Little_of_a_batch_is_padding()
    {
        var padded = Plan(0).Sum(update => update.Count * update.Max(item => Items.SizeOf(item).LongestRow));
        var read = Plan(0).Sum(update => update.Sum(item => Items.SizeOf(item).Tokens));

        Assert.InRange((double)read / padded, 0.93, 1);
    }

    [Fact]
    public void A_micro_batch_keeps_its_budget_with_padding_and_all_items_in_order()
    {
        foreach (var update in Plan(0))
        {
            var parts = EpochPlan.MicroBatches(Items, update, tokens: 130);

            Assert.Equal(update, parts.SelectMany(part => part));
            Assert.All(parts, part => Assert.True(part.Count * part.Max(item => Items.SizeOf(item).LongestRow) <= 130));
        }
    }

    [Fact]
    public void An_item_beyond_the_budget_stands_alone() =>
        Assert.All(EpochPlan.MicroBatches(Items, [0, 1, 2], tokens: 1), part => Assert.Single(part));

    [Fact]
    public void A_stream_goes_on_from_its_cursor_through_the_ends_of_epochs()
    {
        var whole = Stream();
        var updates = Enumerable.Range(0, whole.UpdatesOf(2) + 3).Select(_ => (whole.Cursor, Items: whole.Next())).ToList();

        foreach (var (cursor, expected) in updates)
        {
            var resumed = Stream();
            resumed.Seek(cursor);
            Assert.Equal(expected, resumed.Next());
        }

        Assert.InRange(whole.Epochs, 2.0001, 3);
    }

    [Fact]
    public void A_cursor_of_other_data_is_refused() =>
        Assert.Throws<AgenticException>(() => Stream().Seek(new DataCursor(0, 100_000)));

    private static IReadOnlyList<IReadOnlyList<int>> Plan(int epoch) => EpochPlan.Make(Items, new Seed(3), epoch, TokensPerUpdate).Updates;

    private static UpdateStream Stream() => new(Items, new Seed(3), TokensPerUpdate);
}
