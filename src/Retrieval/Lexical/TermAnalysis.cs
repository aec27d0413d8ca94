using System.Collections.Frozen;

namespace Agentic.Retrieval;

/// <summary>How text becomes terms; a choice at query time, since both are indexed.</summary>
public enum Analyzer
{
    /// <summary>Accents folded, lower case, English stop words left out, Porter stems.</summary>
    English,

    /// <summary>Lower-cased runs of <c>[a-z0-9]</c>, nothing left out.</summary>
    Plain,
}

/// <summary>Turns text into terms, one and the same for documents and queries.</summary>
internal static class TermAnalysis
{
    /// <summary>Longer words count by their beginning; Lucene would refuse terms of 32 KiB.</summary>
    private const int MaxTermLength = 255;

    /// <summary>Lucene's English stop words.</summary>
    private static readonly FrozenSet<string> StopWords = new[]
    {
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on", "or",
        "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> IsStopWord = StopWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Appends the terms of <paramref name="text"/> in reading order, repetitions included.</summary>
    public static void Append(Analyzer analyzer, string text, List<string> terms)
    {
        if (analyzer == Analyzer.Plain)
        {
            AppendPlain(text, terms);
        }
        else
        {
            AppendEnglish(AsciiFolding.Fold(text), terms);
        }
    }

    /// <summary>The terms of a text in reading order.</summary>
    public static List<string> Terms(Analyzer analyzer, string text)
    {
        var terms = new List<string>();
        Append(analyzer, text, terms);
        return terms;
    }

    private static void AppendPlain(string text, List<string> terms)
    {
        Span<char> word = stackalloc char[MaxTermLength];
        for (int i = 0, length = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? char.ToLowerInvariant(text[i]) : ' ';
            if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
            {
                word[Math.Min(length++, MaxTermLength - 1)] = c;
            }
            else if (length > 0)
            {
                terms.Add(word[..Math.Min(length, MaxTermLength)].ToString());
                length = 0;
            }
        }
    }

    private static void AppendEnglish(string text, List<string> terms)
    {
        Span<char> word = stackalloc char[MaxTermLength];
        for (int i = 0, length = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                word[Math.Min(length++, MaxTermLength - 1)] = char.ToLowerInvariant(text[i]);
                continue;
            }

            if (length > 0 && !IsStopWord.Contains(word[..Math.Min(length, MaxTermLength)]))
            {
                terms.Add(PorterStemming.Stem(word[..Math.Min(length, MaxTermLength)].ToString()));
            }

            length = 0;
            if (IsPossessive(text, i))
            {
                i++;
            }
        }
    }

    private static bool IsPossessive(string text, int at) =>
        at > 0 && at + 1 < text.Length && text[at] is '\'' or '\u2019' && text[at + 1] is 's' or 'S'
        && char.IsLetterOrDigit(text[at - 1]) && (at + 2 >= text.Length || !char.IsLetterOrDigit(text[at + 2]));
}
