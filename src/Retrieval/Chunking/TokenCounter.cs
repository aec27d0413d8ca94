using Microsoft.ML.Tokenizers;

namespace Agentic.Retrieval;

/// <summary>Counts O200k tokens: the one currency of budgets and reports, whatever the policy.</summary>
public static class TokenCounter
{
    private static readonly Lazy<TiktokenTokenizer> O200k = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Number of tokens of <paramref name="text"/>; special tokens are counted as plain text.</summary>
    public static int Count(string text) => O200k.Value.CountTokens(text);

    internal static Tokenizer Tokenizer => O200k.Value;
}
