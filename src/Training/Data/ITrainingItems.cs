using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>What a run trains on, item by item; an item is the least that must stay in one micro-batch: a row of SFT, both sides of a pair.</summary>
/// <remarks>Items do not change while a run uses them.</remarks>
public interface ITrainingItems
{
    /// <summary>Number of items.</summary>
    int Count { get; }

    /// <summary>SHA-256 over all ids and masks: a run goes on only with the items it was begun with.</summary>
    string Digest { get; }

    /// <summary>Size of an item, without making tensors.</summary>
    ItemSize SizeOf(int item);

    /// <summary>The items as one padded micro-batch; the caller disposes it.</summary>
    ObjectiveBatch Collate(IReadOnlyList<int> items, Device device);

    /// <summary>
    /// Rows of their own (<see cref="SequenceGroups"/>) that join the prompt of each of an update's items with the completion of the item before it, cyclically:
    /// what <see cref="Needs.MismatchedCompletions"/> asks for. Items whose rows cannot be taken apart have none.
    /// </summary>
    /// <param name="update">The update's items.</param>
    ITrainingItems? Mismatched(IReadOnlyList<int> update) => null;
}

/// <summary>How much an item puts into a batch and into the loss.</summary>
/// <param name="Rows">Rows it puts into a batch.</param>
/// <param name="Tokens">Tokens the model reads in all its rows, without padding.</param>
/// <param name="LongestRow">Tokens the model reads in its longest row.</param>
/// <param name="TrainedTokens">Tokens the loss divides by; of the chosen side, where there are sides.</param>
public readonly record struct ItemSize(int Rows, int Tokens, int LongestRow, int TrainedTokens);

/// <summary>A micro-batch: rows, and how they belong together. Owns its tensors.</summary>
/// <param name="Sequences">The rows.</param>
/// <param name="Groups">Their grouping.</param>
public sealed record ObjectiveBatch(SequenceBatch Sequences, Groups Groups) : IDisposable
{
    /// <summary>SHA-256 of each row's ids and mask, in hex: the name under which a store of reference log-probabilities knows the row. Null where none are kept.</summary>
    public IReadOnlyList<string>? RowDigests { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sequences.Dispose();
        Groups.Dispose();
    }
}
