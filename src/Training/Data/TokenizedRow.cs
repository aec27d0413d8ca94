using Agentic.Agent;

namespace Agentic.Training;

/// <summary>A stretch of a row with one author.</summary>
/// <param name="Start">Index of its first token in the row.</param>
/// <param name="Length">Number of tokens.</param>
/// <param name="Step">Step of the segment it comes from.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="IsTrained">True where the loss may touch it.</param>
public readonly record struct TokenSpan(int Start, int Length, int Step, Author Author, bool IsTrained);

/// <summary>A row of training data as token ids, with who wrote what. The mask is read off <see cref="Spans"/> and exists nowhere else.</summary>
/// <param name="Id">Name of the row in messages.</param>
/// <param name="Ids">Token ids from the first prompt token to the last end of a policy segment.</param>
/// <param name="Spans">Consecutive stretches that cover <paramref name="Ids"/> without a gap.</param>
public sealed record TokenizedRow(string Id, IReadOnlyList<int> Ids, IReadOnlyList<TokenSpan> Spans)
{
    /// <summary>Tokens the loss touches. The first token of a row is nobody's prediction and never counts.</summary>
    public int TrainedTokens => Spans.Where(span => span.IsTrained).Sum(span => span.Length - (span.Start == 0 ? 1 : 0));

    /// <summary>The row's first <paramref name="length"/> tokens.</summary>
    public TokenizedRow Truncated(int length) => length >= Ids.Count ? this : this with
    {
        Ids = [.. Ids.Take(length)],
        Spans = [.. Spans.Where(span => span.Start < length).Select(span => span with { Length = Math.Min(span.Length, length - span.Start) })],
    };

    /// <summary>The row without <paramref name="length"/> tokens from <paramref name="start"/>, which lie inside the prompt.</summary>
    internal TokenizedRow Without(int start, int length) => length == 0 ? this : this with
    {
        Ids = [.. Ids.Take(start), .. Ids.Skip(start + length)],
        Spans = [.. Spans.Select(span => Closed(span, start, start + length)).Where(span => span.Length > 0)],
    };

    // Tokens of [from, to) are taken out and the row closes up.
    private static TokenSpan Closed(TokenSpan span, int from, int to)
    {
        int Moved(int place) => place <= from ? place : Math.Max(from, place - (to - from));
        var (start, end) = (Moved(span.Start), Moved(span.Start + span.Length));
        return span with { Start = start, Length = end - start };
    }
}
