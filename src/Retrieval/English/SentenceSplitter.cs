namespace Agentic.Retrieval;

/// <summary>Sentence boundaries by punctuation, aware of abbreviations, initials and numbers; a line break pair also ends a sentence.</summary>
internal static class SentenceSplitter
{
    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "rev", "hon", "gen", "col", "lt", "capt", "sgt", "maj", "adm", "gov", "sen", "rep", "pres",
        "no", "nos", "vol", "vols", "ed", "eds", "fig", "pp", "ch", "sec", "vs", "etc", "al", "inc", "ltd", "co", "corp", "bros", "dept", "univ", "mt", "ft",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "c", "ca", "cf", "e.g", "i.e", "b", "d", "r", "née", "approx", "op", "messrs", "esq", "bt",
    };

    /// <summary>Ranges of the sentences of <paramref name="text"/>, in order; empty for blank text.</summary>
    public static IReadOnlyList<Range> Split(string text)
    {
        var sentences = new List<Range>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (EndsAt(text, i, out var end))
            {
                Add(sentences, text, start, end);
                start = end;
                i = Math.Max(i, end - 1);
            }
        }

        Add(sentences, text, start, text.Length);
        return sentences;
    }

    private static void Add(List<Range> sentences, string text, int from, int to)
    {
        while (from < to && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        while (to > from && char.IsWhiteSpace(text[to - 1]))
        {
            to--;
        }

        if (to > from)
        {
            sentences.Add(from..to);
        }
    }

    private static bool EndsAt(string text, int at, out int end)
    {
        end = at + 1;
        var c = text[at];
        if (c == '\n')
        {
            return at + 1 < text.Length && text[at + 1] == '\n';
        }

        if (c is not ('.' or '!' or '?'))
        {
            return false;
        }

        while (end < text.Length && text[end] is '"' or '\'' or ')' or ']' or '\u201d' or '\u2019' or '.' or '!' or '?')
        {
            end++;
        }

        if (end >= text.Length)
        {
            return true;
        }

        if (!char.IsWhiteSpace(text[end]))
        {
            return false;
        }

        var next = end;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        if (next >= text.Length)
        {
            return true;
        }

        if (!char.IsUpper(text[next]) && !char.IsDigit(text[next]) && text[next] is not ('"' or '\'' or '(' or '[' or '\u201c' or '\u2018'))
        {
            return false;
        }

        return c != '.' || !IsAbbreviation(text, at) || OpensSentence(text, next, at);
    }

    // "King George I. She": a numeral before a word that only opens sentences is no initial.
    private static bool OpensSentence(string text, int next, int dot)
    {
        var end = next;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }

        return dot > 1 && text[dot - 1] is 'I' or 'V' or 'X' && text[dot - 2] is ' ' or 'I' or 'V' or 'X'
            && text[next..end] is "He" or "She" or "It" or "They" or "His" or "Her" or "The" or "In" or "During" or "After" or "This";
    }

    private static bool IsAbbreviation(string text, int dot)
    {
        var start = dot;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        var word = text[start..dot];
        var isInitial = word.Length > 0 && char.IsUpper(word[^1]) && (word.Length == 1 || word[^2] == '.');
        return isInitial || Abbreviations.Contains(word);
    }
}
