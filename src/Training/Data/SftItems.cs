using Agentic.Retrieval;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Rows of supervised training; each is an item of its own.</summary>
public sealed class SftItems : ITrainingItems
{
    private readonly IReadOnlyList<PackedRow> _rows;

    private SftItems(IReadOnlyList<PackedRow> rows, SftDataReport report)
    {
        (_rows, Report) = (rows, report);
        Digest = PackedRow.DigestOf(rows);
    }

    /// <summary>What was read, and what became of it.</summary>
    public SftDataReport Report { get; }

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public string Digest { get; }

    /// <summary>Tokenised rows, each checked against the context.</summary>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="AgenticException">A row is too long and refused, or none is left.</exception>
    internal static SftItems Of(IReadOnlyList<TokenizedRow> rows, RowTokenizer maker, int contextLength, LongRows longRows, string source)
    {
        var kept = new List<PackedRow>(rows.Count);
        var (dropped, truncated) = (0, 0);
        foreach (var row in rows)
        {
            if (row.Ids.Count <= contextLength)
            {
                kept.Add(new PackedRow(row));
                continue;
            }

            if (longRows == LongRows.Refuse)
            {
                throw new AgenticException(
                    $"{source}: row {row.Id} has {row.Ids.Count} tokens, and the model's context is {contextLength}; make the model with a longer context, or set training.longRows to drop or truncate");
            }

            var cut = longRows == LongRows.Truncate ? row.Truncated(contextLength) : null;
            if (cut is { TrainedTokens: > 0 })
            {
                kept.Add(new PackedRow(cut));
                truncated++;
            }
            else
            {
                dropped++;
            }
        }

        if (kept.Count == 0)
        {
            throw new AgenticException($"{source}: every row is longer than the model's context of {contextLength} tokens; make the model with a longer context");
        }

        return new SftItems(kept, new SftDataReport(
            kept.Count, dropped, truncated, kept.Sum(row => (long)row.Ids.Length), kept.Sum(row => (long)row.Size.TrainedTokens), kept.Max(row => row.Ids.Length),
            maker.RecordedSegments, maker.PolicySegmentsFromText, maker.OtherSegmentsFromText));
    }

    /// <inheritdoc/>
    public ItemSize SizeOf(int item) => _rows[item].Size;

    /// <inheritdoc/>
    public ObjectiveBatch Collate(IReadOnlyList<int> items, Device device)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new ObjectiveBatch(PackedRow.Collate([.. items.Select(item => _rows[item])], device), new SequenceGroups(items.Count));
    }
}

/// <summary>What a file of demonstrations gave.</summary>
/// <param name="Rows">Rows that are trained on.</param>
/// <param name="DroppedRows">Rows left out for their length.</param>
/// <param name="TruncatedRows">Rows cut at their end.</param>
/// <param name="Tokens">Tokens of all rows.</param>
/// <param name="TrainedTokens">Tokens the loss touches.</param>
/// <param name="LongestRow">Tokens of the longest row.</param>
/// <param name="RecordedSegments">Segments with recorded token ids.</param>
/// <param name="PolicySegmentsFromText">Trained segments that had to be tokenised from their text.</param>
/// <param name="OtherSegmentsFromText">Other segments tokenised from their text.</param>
public sealed record SftDataReport(
    int Rows, int DroppedRows, int TruncatedRows, long Tokens, long TrainedTokens, int LongestRow, int RecordedSegments, int PolicySegmentsFromText, int OtherSegmentsFromText);
