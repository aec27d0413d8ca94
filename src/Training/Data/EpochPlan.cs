using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Which items each update of an epoch takes.</summary>
/// <remarks>
/// A function of the items' sizes, the seed and the epoch alone. The items are shuffled, cut into windows of <see cref="WindowUpdates"/> updates, sorted by
/// length inside a window (so that little of a batch is padding), cut into updates of about equally many tokens, and the updates of a window shuffled again.
/// </remarks>
internal sealed class EpochPlan
{
    /// <summary>Updates of a window: enough that neighbours in length exist, few enough that an epoch stays well mixed.</summary>
    private const int WindowUpdates = 32;

    private EpochPlan(IReadOnlyList<IReadOnlyList<int>> updates) => Updates = updates;

    /// <summary>Items of each update, longest first; every item of the epoch is in exactly one.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Updates { get; }

    public static EpochPlan Make(ITrainingItems items, Seed seed, int epoch, int tokensPerUpdate)
    {
        var random = seed.Derive("epoch", epoch).ToRandom();
        var order = Enumerable.Range(0, items.Count).ToArray();
        random.Shuffle(order);
        var updates = new List<IReadOnlyList<int>>();
        foreach (var window in Evenly(items, order, (long)tokensPerUpdate * WindowUpdates))
        {
            var cut = Evenly(items, [.. window.OrderByDescending(item => items.SizeOf(item).LongestRow)], tokensPerUpdate).ToArray();
            random.Shuffle(cut);
            updates.AddRange(cut);
        }

        return new EpochPlan(updates);
    }

    /// <summary>Cuts an update into micro-batches of at most <paramref name="tokens"/> tokens, padding included; an item beyond that stands alone.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> MicroBatches(ITrainingItems items, IReadOnlyList<int> update, int tokens)
    {
        var batches = new List<IReadOnlyList<int>>();
        var (batch, rows, longest) = (new List<int>(), 0, 0);
        foreach (var item in update)
        {
            var size = items.SizeOf(item);
            var (newRows, newLongest) = (rows + size.Rows, Math.Max(longest, size.LongestRow));
            if (batch.Count > 0 && (long)newRows * newLongest > tokens)
            {
                batches.Add(batch);
                (batch, newRows, newLongest) = ([], size.Rows, size.LongestRow);
            }

            batch.Add(item);
            (rows, longest) = (newRows, newLongest);
        }

        batches.Add(batch);
        return batches;
    }

    /// <summary>Cuts a list into as many parts as its tokens fill, of about equally many tokens each, so that no rest is left over.</summary>
    private static IEnumerable<IReadOnlyList<int>> Evenly(ITrainingItems items, int[] order, long tokensPerPart)
    {
        var total = order.Sum(item => (long)items.SizeOf(item).Tokens);
        var parts = Math.Max(1, (total + (tokensPerPart / 2)) / tokensPerPart);
        var (part, taken, start) = (1L, 0L, 0);
        for (var end = 1; end <= order.Length; end++)
        {
            taken += items.SizeOf(order[end - 1]).Tokens;
            if (end == order.Length || taken * parts >= part * total)
            {
                yield return order[start..end];
                start = end;
                part = Math.Max(part + 1, (taken * parts / total) + 1);
            }
        }
    }
}
