// Legend: R = rows, B = pairs.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>How the rows of a batch belong together: a closed set. Owns its tensors.</summary>
public abstract record Groups : IDisposable
{
    private protected Groups()
    {
    }

    /// <summary>Number of items: rows, pairs or samples.</summary>
    public abstract int Items { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>Rows that stand for themselves (SFT).</summary>
/// <param name="Rows">Number of them.</param>
public sealed record SequenceGroups(int Rows) : Groups
{
    /// <inheritdoc/>
    public override int Items => Rows;

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}

/// <summary>Two rows an item, one preferred to the other.</summary>
/// <param name="ChosenRow">int64 [B].</param>
/// <param name="RejectedRow">int64 [B].</param>
public sealed record PairGroups(Tensor ChosenRow, Tensor RejectedRow) : Groups
{
    /// <inheritdoc/>
    public override int Items => (int)ChosenRow.shape[0];

    /// <summary>Values of the rows, [R, ...], by side: [B, ...] each.</summary>
    public (Tensor Chosen, Tensor Rejected) Split(Tensor values_R)
    {
        ArgumentNullException.ThrowIfNull(values_R);
        return (values_R.index_select(0, ChosenRow), values_R.index_select(0, RejectedRow));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        ChosenRow.Dispose();
        RejectedRow.Dispose();
    }
}

/// <summary>Rows that stand for themselves and are wanted or not (KTO).</summary>
/// <param name="Label">bool [R], true where the row is desirable.</param>
public sealed record UnpairedGroups(Tensor Label) : Groups
{
    /// <inheritdoc/>
    public override int Items => (int)Label.shape[0];

    /// <inheritdoc/>
    public override void Dispose() => Label.Dispose();
}
