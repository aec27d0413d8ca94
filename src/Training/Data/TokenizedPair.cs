namespace Agentic.Training;

/// <summary>Both sides of a pair as rows that begin with the same prompt.</summary>
/// <param name="Id">Name of the pair in messages.</param>
/// <param name="OpeningTokens">Tokens before the prompt's own, such as the one some vocabularies begin a text with.</param>
/// <param name="PromptTokens">Tokens both rows begin with and that are never trained, the opening included.</param>
/// <param name="Chosen">Prompt and preferred side.</param>
/// <param name="Rejected">Prompt and other side.</param>
public sealed record TokenizedPair(string Id, int OpeningTokens, int PromptTokens, TokenizedRow Chosen, TokenizedRow Rejected)
{
    /// <summary>Index of the first token at which the rows differ in id or mask, or at which one of them has ended; null when they do not differ.</summary>
    public int? PartsAt => PartOf(new PackedRow(Chosen), new PackedRow(Rejected));

    /// <summary>As <see cref="PartsAt"/>, of rows whose masks are known.</summary>
    internal static int? PartOf(PackedRow chosen, PackedRow rejected)
    {
        var common = Math.Min(chosen.Ids.Length, rejected.Ids.Length);
        for (var at = 0; at < common; at++)
        {
            if (chosen.Ids[at] != rejected.Ids[at] || chosen.Trained[at] != rejected.Trained[at])
            {
                return at;
            }
        }

        return chosen.Ids.Length == rejected.Ids.Length ? null : common;
    }

    /// <summary>The pair cut to a context; null when a side would keep no trained token, or the sides nothing that tells them apart.</summary>
    /// <remarks>
    /// The prompt is cut at its start, the same for both sides and never to less than half of the context; what is still too long of a side is cut at its end.
    /// </remarks>
    public TokenizedPair? Truncated(int contextLength)
    {
        var longest = Math.Max(Chosen.Ids.Count, Rejected.Ids.Count);
        var kept = Math.Min(PromptTokens, Math.Max(contextLength - (longest - PromptTokens), contextLength / 2));
        TokenizedRow Cut(TokenizedRow row) => row.Without(OpeningTokens, PromptTokens - kept).Truncated(contextLength);
        var cut = this with { PromptTokens = kept, Chosen = Cut(Chosen), Rejected = Cut(Rejected) };
        return cut is { Chosen.TrainedTokens: > 0, Rejected.TrainedTokens: > 0, PartsAt: not null } ? cut : null;
    }
}
