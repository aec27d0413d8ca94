using Microsoft.ML.Tokenizers;

namespace Agentic.Retrieval;

/// <summary>Counts O200k tokens: the one currency of budgets and reports, whatever the policy.</summary>
public static class TokenCounter
{
    private static readonly Lazy<TiktokenTokenizer> O200k = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Number of tokens of <paramref name="text"/>; special tokens are counted as plain text.</summary>
    public static int Count(string text) => O200k.Value.CountTokens(text);

    /// <summary>As <see cref="Count(string)"/>, for a part of a text.</summary>
    public static int Count(ReadOnlySpan<char> text) => O200k.Value.CountTokens(text);

    /// <summary>Length of the longest beginning of <paramref name="text"/> with at most <paramref name="tokens"/> tokens; stops reading there.</summary>
    internal static int LengthWithin(ReadOnlySpan<char> text, int tokens) => O200k.Value.GetIndexByTokenCount(text, tokens, out _, out _);

    internal static Tokenizer Tokenizer => O200k.Value;
}
