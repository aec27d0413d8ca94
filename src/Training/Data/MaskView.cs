using Agentic.Agent;

namespace Agentic.Training;

/// <summary>A token as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text; empty for a token without text and for one whose bytes only become a character with the next.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Step">Step of its segment.</param>
/// <param name="IsTrained">True where the loss touches it.</param>
/// <param name="IsEnd">True for the token that ends a turn of the policy.</param>
public sealed record MaskedToken(int Id, string Text, Author Author, int Step, bool IsTrained, bool IsEnd);

/// <summary>A row token by token with its mask, for people; what is shown is what is trained, not a reconstruction of it.</summary>
public static class MaskView
{
    /// <summary>The tokens of a row in order.</summary>
    public static IReadOnlyList<MaskedToken> Of(TokenizedRow row, ModelTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var tokens = new List<MaskedToken>(row.Ids.Count);
        foreach (var span in row.Spans)
        {
            var decoder = tokenizer.StartDecoder();
            for (var at = span.Start; at < span.Start + span.Length; at++)
            {
                var id = row.Ids[at];
                var text = decoder.Push(id) + (at == span.Start + span.Length - 1 ? decoder.Flush() : "");
                tokens.Add(new MaskedToken(id, text, span.Author, span.Step, span.IsTrained && at > 0, id == tokenizer.EndId && span.Author == Author.Policy));
            }
        }

        return tokens;
    }
}
