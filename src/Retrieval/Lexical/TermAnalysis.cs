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
/// <remarks>Remembers the words it has seen, so it is for one thread at a time; <see cref="Terms"/> is for short texts from anywhere.</remarks>
internal sealed class TermAnalysis(Analyzer analyzer)
{
    /// <summary>Longer words count by their beginning; Lucene would refuse terms of 32 KiB.</summary>
    private const int MaxTermLength = 255;

    /// <summary>Words remembered before starting over: bounds the memory on a corpus with an endless vocabulary.</summary>
    private const int MaxRemembered = 200_000;

    /// <summary>Lucene's English stop words.</summary>
    private static readonly FrozenSet<string> StopWords = new[]
    {
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on", "or",
        "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, string?> _remembered = new(StringComparer.Ordinal);

    /// <summary>The terms of a text in reading order, repetitions included.</summary>
    public static List<string> Terms(Analyzer analyzer, string text)
    {
        var terms = new List<string>();
        new TermAnalysis(analyzer).Append(text, terms);
        return terms;
    }

    /// <summary>Appends the terms of <paramref name="text"/> in reading order, repetitions included.</summary>
    public void Append(string text, List<string> terms)
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

    private static bool IsPossessive(string text, int at) =>
        at > 0 && at + 1 < text.Length && text[at] is '\'' or '\u2019' && text[at + 1] is 's' or 'S'
        && char.IsLetterOrDigit(text[at - 1]) && (at + 2 >= text.Length || !char.IsLetterOrDigit(text[at + 2]));

    private static string? English(string word) => StopWords.Contains(word) ? null : PorterStemming.Stem(word) is { Length: > 0 } stem ? stem : word;

    private void AppendPlain(string text, List<string> terms)
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
                Add(word[..Math.Min(length, MaxTermLength)], terms);
                length = 0;
            }
        }
    }

    private void AppendEnglish(string text, List<string> terms)
    {
        Span<char> word = stackalloc char[MaxTermLength];
        for (int i = 0, length = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                word[Math.Min(length++, MaxTermLength - 1)] = char.ToLowerInvariant(text[i]);
                continue;
            }

            if (length > 0)
            {
                Add(word[..Math.Min(length, MaxTermLength)], terms);
                length = 0;
            }

            if (IsPossessive(text, i))
            {
                i++;
            }
        }
    }

    private void Add(ReadOnlySpan<char> word, List<string> terms)
    {
        var remembered = _remembered.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!remembered.TryGetValue(word, out var term))
        {
            if (_remembered.Count == MaxRemembered)
            {
                _remembered.Clear();
            }

            term = word.ToString();
            _remembered.Add(term, term = analyzer == Analyzer.Plain ? term : English(term));
        }

        if (term is not null)
        {
            terms.Add(term);
        }
    }
}
