using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The sides of pairs as samples of their own, wanted or not (KTO); the first half of the items are the chosen sides, in the order of the pairs.</summary>
/// <remarks>
/// <see cref="ItemSize.TrainedTokens"/> counts every sample, wanted or not: an update may hold samples of one kind only, and its count must not be zero.
/// </remarks>
public sealed class UnpairedItems : ITrainingItems
{
    private readonly IReadOnlyList<PackedPair> _pairs;

    internal UnpairedItems(IReadOnlyList<PackedPair> pairs)
    {
        _pairs = pairs;
        Digest = PackedRow.DigestOf(Enumerable.Range(0, Count).Select(RowOf));
    }

    /// <inheritdoc/>
    public int Count => 2 * _pairs.Count;

    /// <inheritdoc/>
    public string Digest { get; }

    /// <inheritdoc/>
    public ItemSize SizeOf(int item) => RowOf(item).Size;

    /// <inheritdoc/>
    public ObjectiveBatch Collate(IReadOnlyList<int> items, Device device)
    {
        ArgumentNullException.ThrowIfNull(items);
        PackedRow[] rows = [.. items.Select(RowOf)];
        using var scope = NewDisposeScope();
        var label_R = tensor(items.Select(IsDesirable).ToArray()).to(device).DetachFromDisposeScope();
        return new ObjectiveBatch(PackedRow.Collate(rows, device), new UnpairedGroups(label_R)) { RowDigests = [.. rows.Select(row => row.Digest)] };
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The samples are taken in the order given, the desirable ones before the others: the two sides of a pair share their prompt, and beside each other they would not be
    /// mismatched. A row that is longer than both it was made of is cut at its end to the longer one, which fits the context.
    /// </remarks>
    public ITrainingItems Mismatched(IReadOnlyList<int> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        int[] order = [.. update.Where(IsDesirable), .. update.Where(item => !IsDesirable(item))];
        return new Rows([.. order.Select((item, place) => Joined(item, order[(place + order.Length - 1) % order.Length]))]);
    }

    private bool IsDesirable(int item) => item < _pairs.Count;

    private PackedPair PairOf(int item) => _pairs[item % _pairs.Count];

    private PackedRow RowOf(int item) => IsDesirable(item) ? _pairs[item].Chosen : PairOf(item).Rejected;

    private PackedRow Joined(int prompt, int completion)
    {
        var (asked, said) = (RowOf(prompt), RowOf(completion));
        var (kept, from) = (PairOf(prompt).PromptTokens, PairOf(completion).PromptTokens);
        var length = Math.Min(kept + said.Ids.Length - from, Math.Max(asked.Ids.Length, said.Ids.Length));
        return new PackedRow(
            [.. asked.Ids.Take(kept).Concat(said.Ids.Skip(from)).Take(length)],
            [.. asked.Trained.Take(kept).Concat(said.Trained.Skip(from)).Take(length)]);
    }

    /// <summary>Rows that stand for themselves.</summary>
    private sealed class Rows(IReadOnlyList<PackedRow> rows) : ITrainingItems
    {
        public int Count => rows.Count;

        public string Digest => PackedRow.DigestOf(rows);

        public ItemSize SizeOf(int item) => rows[item].Size;

        public ObjectiveBatch Collate(IReadOnlyList<int> items, Device device)
        {
            PackedRow[] taken = [.. items.Select(item => rows[item])];
            return new ObjectiveBatch(PackedRow.Collate(taken, device), new SequenceGroups(taken.Length)) { RowDigests = [.. taken.Select(row => row.Digest)] };
        }
    }
}
