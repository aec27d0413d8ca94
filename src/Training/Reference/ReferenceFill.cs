// Legend: R = rows, L = positions.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>How far a store is filled.</summary>
/// <param name="Batches">Batches that are there, found or made.</param>
/// <param name="AllBatches">Batches in all.</param>
/// <param name="Made">Of those that are there, batches made by this call.</param>
public sealed record ReferenceProgress(int Batches, int AllBatches, int Made);

/// <summary>Puts the reference's log-probabilities of all rows into a store.</summary>
/// <remarks>
/// The batches are a function of the items and their size alone, and a batch with a missing row is made as a whole: a store that was filled by many killed calls holds the same
/// bits as one filled by one.
/// </remarks>
public static class ReferenceFill
{
    /// <summary>Fills what is missing.</summary>
    /// <param name="reference">The model whose log-probabilities these are.</param>
    /// <param name="items">Items with named rows.</param>
    /// <param name="store">A store with the reference's fingerprint.</param>
    /// <param name="microBatchTokens">Most tokens of a batch, padding included.</param>
    /// <param name="progress">Told each batch; null for nobody.</param>
    /// <param name="cancellationToken">Ends the filling after the batch under way; the same call goes on.</param>
    /// <exception cref="OperationCanceledException">It was interrupted; what was made is kept.</exception>
    public static ReferenceProgress Run(
        ICausalLm reference, ITrainingItems items, ReferenceStore store, int microBatchTokens, IProgress<ReferenceProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(store);
        int[] longestFirst = [.. Enumerable.Range(0, items.Count).OrderByDescending(item => items.SizeOf(item).LongestRow)];
        var batches = EpochPlan.MicroBatches(items, longestFirst, microBatchTokens);
        var done = new ReferenceProgress(0, batches.Count, 0);
        foreach (var taken in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var batch = items.Collate(taken, reference.Device);
            var digests = batch.RowDigests ?? throw new ArgumentException("their rows have no digests", nameof(items));
            var isMissing = !digests.All(store.Contains);
            if (isMissing)
            {
                store.Append(Rows(reference, batch.Sequences, digests));
            }

            done = done with { Batches = done.Batches + 1, Made = done.Made + (isMissing ? 1 : 0) };
            progress?.Report(done);
        }

        return done;
    }

    private static ReferenceRow[] Rows(ICausalLm reference, SequenceBatch batch, IReadOnlyList<string> digests)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var values = reference.Score(batch).Selected.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var mask = batch.CompletionMask.cpu().contiguous().data<bool>().ToArray();
        var length = mask.Length / digests.Count;
        return [.. digests.Select((digest, row) => new ReferenceRow(digest, [.. Enumerable.Range(row * length, length).Where(cell => mask[cell]).Select(cell => values[cell])]))];
    }
}
