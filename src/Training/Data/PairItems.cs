using Agentic.Retrieval;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Preference pairs; an item is a pair, which puts its two rows into a batch: all chosen rows first, then all rejected ones.</summary>
public sealed class PairItems : ITrainingItems
{
    private readonly IReadOnlyList<PackedPair> _pairs;

    private PairItems(IReadOnlyList<PackedPair> pairs, PairDataReport report)
    {
        (_pairs, Report) = (pairs, report);
        Digest = PackedRow.DigestOf(pairs.SelectMany(pair => new[] { pair.Chosen, pair.Rejected }));
    }

    /// <summary>What was read, and what became of it.</summary>
    public PairDataReport Report { get; }

    /// <inheritdoc/>
    public int Count => _pairs.Count;

    /// <inheritdoc/>
    public string Digest { get; }

    /// <summary>The same rows without their pairing: chosen ones are desirable, rejected ones are not.</summary>
    public UnpairedItems Unpaired() => new(_pairs);

    /// <summary>Index in both rows of the first token at which a pair's sides part.</summary>
    public int PartsAt(int item) => _pairs[item].PartsAt;

    /// <summary>Both rows of a pair.</summary>
    internal PackedPair Pair(int item) => _pairs[item];

    /// <summary>Tokenised pairs, each checked against the context.</summary>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="AgenticException">A pair is too long and refused, or none is left.</exception>
    internal static PairItems Of(IReadOnlyList<TokenizedPair> pairs, RowTokenizer maker, int contextLength, LongRows longRows, string source)
    {
        var kept = new List<TokenizedPair>(pairs.Count);
        var (dropped, truncated) = (0, 0);
        foreach (var pair in pairs)
        {
            if (!IsLong(pair, contextLength))
            {
                kept.Add(pair);
                continue;
            }

            if (longRows == LongRows.Refuse)
            {
                throw new AgenticException($"{source}: pair {pair.Id} {TooLong(pair, contextLength)}");
            }

            if (longRows == LongRows.Truncate && pair.Truncated(contextLength) is { } cut)
            {
                kept.Add(cut);
                truncated++;
            }
            else
            {
                dropped++;
            }
        }

        if (kept.Count == 0)
        {
            throw new AgenticException($"{source}: every pair is longer than the model's context of {contextLength} tokens; make the model with a longer context");
        }

        PackedPair[] packed = [.. kept.Select(PackedPair.Of)];
        return new PairItems(packed, Reported(packed, maker, dropped, truncated));
    }

    /// <summary>True when a side does not fit.</summary>
    internal static bool IsLong(TokenizedPair pair, int contextLength) => Longest(pair) > contextLength;

    /// <summary>What is said of a side that does not fit.</summary>
    internal static string TooLong(TokenizedPair pair, int contextLength) =>
        $"has {Longest(pair)} tokens on its longer side, and the model's context is {contextLength}; make the model with a longer context, or set training.longRows to drop or truncate";

    /// <inheritdoc/>
    public ItemSize SizeOf(int item) => _pairs[item].Size;

    /// <inheritdoc/>
    public ObjectiveBatch Collate(IReadOnlyList<int> items, Device device)
    {
        ArgumentNullException.ThrowIfNull(items);
        PackedRow[] rows = [.. items.Select(item => _pairs[item].Chosen), .. items.Select(item => _pairs[item].Rejected)];
        using var scope = NewDisposeScope();
        var chosen_B = arange(0, items.Count, dtype: ScalarType.Int64, device: device).DetachFromDisposeScope();
        var rejected_B = arange(items.Count, 2 * items.Count, dtype: ScalarType.Int64, device: device).DetachFromDisposeScope();
        long[] partings = [.. items.Select(item => _pairs[item].PartsAt - 1L)]; // the target at t is token t + 1
        var sequences = PackedRow.Collate(rows, device) with { ScoredFrom = tensor([.. partings, .. partings], device: device).DetachFromDisposeScope() };
        return new ObjectiveBatch(sequences, new PairGroups(chosen_B, rejected_B)) { RowDigests = [.. rows.Select(row => row.Digest)] };
    }

    private static int Longest(TokenizedPair pair) => Math.Max(pair.Chosen.Ids.Count, pair.Rejected.Ids.Count);

    private static PairDataReport Reported(PackedPair[] pairs, RowTokenizer maker, int dropped, int truncated) => new(
        pairs.Length,
        dropped,
        truncated,
        pairs.Sum(pair => (long)pair.Chosen.Ids.Length + pair.Rejected.Ids.Length),
        pairs.Sum(pair => (long)pair.Chosen.Size.TrainedTokens),
        pairs.Sum(pair => (long)pair.Rejected.Size.TrainedTokens),
        pairs.Max(pair => Math.Max(pair.Chosen.Ids.Length, pair.Rejected.Ids.Length)),
        maker.RecordedSegments,
        maker.PolicySegmentsFromText,
        maker.OtherSegmentsFromText);
}

/// <summary>Both rows of a pair without their authors.</summary>
internal sealed record PackedPair(PackedRow Chosen, PackedRow Rejected, int PromptTokens, int PartsAt)
{
    public ItemSize Size { get; } = new(
        2, Chosen.Size.Tokens + Rejected.Size.Tokens, Math.Max(Chosen.Size.LongestRow, Rejected.Size.LongestRow), Chosen.Size.TrainedTokens);

    /// <summary>Packs a pair whose sides differ, as the tokenizer of rows sees to.</summary>
    public static PackedPair Of(TokenizedPair pair)
    {
        var (chosen, rejected) = (new PackedRow(pair.Chosen), new PackedRow(pair.Rejected));
        return new PackedPair(chosen, rejected, pair.PromptTokens, TokenizedPair.PartOf(chosen, rejected)!.Value);
    }
}

/// <summary>What a file of pairs gave.</summary>
/// <param name="Pairs">Pairs that are trained on.</param>
/// <param name="DroppedPairs">Pairs left out for their length.</param>
/// <param name="TruncatedPairs">Pairs cut to the context.</param>
/// <param name="Tokens">Tokens of all rows.</param>
/// <param name="ChosenTokens">Trained tokens of the chosen sides.</param>
/// <param name="RejectedTokens">Trained tokens of the rejected sides.</param>
/// <param name="LongestRow">Tokens of the longest row.</param>
/// <param name="RecordedSegments">Segments with recorded token ids.</param>
/// <param name="PolicySegmentsFromText">Trained segments that had to be tokenised from their text.</param>
/// <param name="OtherSegmentsFromText">Other segments tokenised from their text.</param>
public sealed record PairDataReport(
    int Pairs, int DroppedPairs, int TruncatedPairs, long Tokens, long ChosenTokens, long RejectedTokens, int LongestRow,
    int RecordedSegments, int PolicySegmentsFromText, int OtherSegmentsFromText);
