using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A name in a question, as a range of its words.</summary>
internal readonly record struct NameSpan(int Start, int End, string Text);

/// <summary>Finds the names a question is about: quoted strings, capitalised runs, and what the linker knows in a question without capitals.</summary>
internal static class QuestionNames
{
    private const double ExactScore = 0.75;
    private const int MostSmallWords = 3;

    /// <summary>The names in order, without overlap.</summary>
    public static IReadOnlyList<NameSpan> Find(EnglishText question, IEntityLinker linker)
    {
        var spans = new List<NameSpan>();
        if (!HasCapitals(question))
        {
            return Linked(question, linker);
        }

        for (var i = 0; i < question.Words.Count;)
        {
            var end = QuoteEnd(question, i);
            if (end > 0)
            {
                spans.Add(Span(question, i, end));
            }
            else if (StartsName(question, i))
            {
                end = RunEnd(question, i);
                Split(question, i, end, linker, spans);
            }

            i = Math.Max(end, i + 1);
        }

        return spans;
    }

    private static bool HasCapitals(EnglishText question) => question.Words.Any(word => word.Capitalized && !word.SentenceStart);

    private static bool StartsName(EnglishText question, int at)
    {
        var word = question.Words[at];
        if (char.IsAsciiDigit(word.Folded[0]))
        {
            return at + 1 < question.Words.Count && question.Words[at + 1].Capitalized && Gap(question, at + 1) is " " or "-" && !DateReader.TryRead(question, at, out _);
        }

        if (DateReader.TryRead(question, at, out _))
        {
            return false;
        }

        return word.Capitalized && !(word.SentenceStart && (WordLists.Starters.Contains(word.Folded) || FunctionWords.Contains(word.Folded)));
    }

    // Capitals with small words, digits, brackets, commas and colons inside, as long as a capital follows.
    private static int RunEnd(EnglishText question, int start)
    {
        var end = start + 1;
        while (end < question.Words.Count)
        {
            if (Continues(question, end) && IsCapitalOrDigit(question, end))
            {
                end++;
                continue;
            }

            var next = end;
            while (next < question.Words.Count && next - end < MostSmallWords && Continues(question, next) && FunctionWords.Contains(question.Words[next].Folded)
                && question.Words[next].Folded is not ("or" or "both" or "is" or "was" or "are" or "were" or "did" or "does" or "do"))
            {
                next++;
            }

            if (next == end || next >= question.Words.Count || !IsCapitalOrDigit(question, next) || !Continues(question, next))
            {
                break;
            }

            end = next + 1;
        }

        return end;
    }

    private static bool IsCapitalOrDigit(EnglishText question, int at) => question.Words[at].Capitalized || char.IsAsciiDigit(question.Words[at].Folded[0]);

    // A possessive before a lower-case word ends the name, a quotation mark always does.
    private static bool Continues(EnglishText question, int at)
    {
        var gap = Gap(question, at);
        return !gap.Contains('"', StringComparison.Ordinal) && !gap.Contains('?', StringComparison.Ordinal) && !gap.Contains(';', StringComparison.Ordinal)
            && (question.Words[at].Capitalized || !(gap.StartsWith("'s", StringComparison.OrdinalIgnoreCase) || gap.StartsWith("\u2019s", StringComparison.OrdinalIgnoreCase)));
    }

    private static string Gap(EnglishText question, int at) =>
        at == 0 ? question.Text[..question.Words[0].Start] : question.Text[question.Words[at - 1].End..question.Words[at].Start];

    private static int QuoteEnd(EnglishText question, int at)
    {
        if (Gap(question, at) is not { Length: > 0 } gap || gap[^1] is not ('"' or '\u201c'))
        {
            return 0;
        }

        for (var end = at + 1; end < question.Words.Count; end++)
        {
            if (Gap(question, end) is { Length: > 0 } after && after[0] is '"' or '\u201d' or ',' && Gap(question, end).AsSpan().ContainsAny('"', '\u201d'))
            {
                return end;
            }
        }

        return question.Text.AsSpan(question.Words[^1].End).ContainsAny('"', '\u201d') ? question.Words.Count : 0;
    }

    // The whole run when it is known; else the longest known beginning; else the part before "and".
    private static void Split(EnglishText question, int start, int end, IEntityLinker linker, List<NameSpan> spans)
    {
        while (start < end)
        {
            var cut = end;
            if (!IsKnown(question, start, end, linker))
            {
                cut = KnownEnd(question, start, end, linker) is var known and > 0 ? known : JoinEnd(question, start, end);
            }

            cut = cut == end ? Extended(question, start, end, linker) : cut;
            if (!IsAdjectiveAlone(question, start, cut))
            {
                spans.Add(Span(question, start, cut));
            }

            start = cut;
            while (start < end && !question.Words[start].Capitalized && FunctionWords.Contains(question.Words[start].Folded))
            {
                start++;
            }
        }
    }

    // "M-2 motor", "Venn storm petrel": a known name may go on in small letters.
    private static int Extended(EnglishText question, int start, int end, IEntityLinker linker)
    {
        for (var longer = Math.Min(question.Words.Count, end + MostSmallWords); longer > end; longer--)
        {
            if (Enumerable.Range(end, longer - end).All(i => Gap(question, i) == " " && !FunctionWords.Contains(question.Words[i].Folded)) && IsKnown(question, start, longer, linker))
            {
                return longer;
            }
        }

        return end;
    }

    private static int KnownEnd(EnglishText question, int start, int end, IEntityLinker linker)
    {
        for (var cut = end - 1; cut > start; cut--)
        {
            var next = question.Words[cut];
            var bounded = next.Folded is "and" or "or" or "of" or "in" or "by" or "from" or "with" or "on" or "at" || Gap(question, cut) is var gap
                && (gap.Contains(',', StringComparison.Ordinal) || gap.StartsWith("'s", StringComparison.OrdinalIgnoreCase));
            if (bounded && IsKnown(question, start, cut, linker))
            {
                return cut;
            }
        }

        return 0;
    }

    private static int JoinEnd(EnglishText question, int start, int end)
    {
        for (var cut = start + 1; cut < end - 1; cut++)
        {
            if (question.Words[cut].Folded is "and" or "or" && !question.Words[cut].Capitalized)
            {
                return cut;
            }
        }

        return end;
    }

    private static bool IsKnown(EnglishText question, int start, int end, IEntityLinker linker)
    {
        var name = Span(question, start, end).Text;
        return linker.Link(name, 1) is [var best] && best.Score >= ExactScore && best.Mention.Length >= name.Length - 1;
    }

    private static bool IsAdjectiveAlone(EnglishText question, int start, int end) =>
        CountryLexicon.TryRead(question.Words, start, out var country) && country.IsAdjective && start + country.Words == end;

    private static List<NameSpan> Linked(EnglishText question, IEntityLinker linker)
    {
        var spans = new List<NameSpan>();
        foreach (var link in linker.Link(question.Text, 8).Where(link => link.Mention.Contains(' ', StringComparison.Ordinal) || (link.Score >= 0.9 && !IsCommonNoun(link.Mention))))
        {
            var start = question.Words.ToList().FindIndex(word => word.Start >= link.Start);
            var end = start;
            while (end >= 0 && end < question.Words.Count && question.Words[end].End <= link.Start + link.Mention.Length)
            {
                end++;
            }

            if (start >= 0 && end > start && !spans.Exists(span => start < span.End && span.Start < end))
            {
                spans.Add(Span(question, start, end));
            }
        }

        return [.. spans.OrderBy(span => span.Start)];
    }

    private static bool IsCommonNoun(string mention) => EntityName.Key(mention) is var key
        && (WordLists.PersonNouns.Contains(key) || WordLists.Honorifics.Contains(key) || WordLists.Places.Contains(key) || WordLists.Works.Contains(key));

    private static NameSpan Span(EnglishText question, int start, int end)
    {
        var (from, to) = (question.Words[start].Start, question.Words[end - 1].End);
        var text = question.Text[from..to];
        if (text.Contains('(', StringComparison.Ordinal) && !text.Contains(')', StringComparison.Ordinal) && to < question.Text.Length && question.Text[to] == ')')
        {
            to++;
        }
        else if (to < question.Text.Length && question.Text[to] is '.' or '!' && question.Words[end - 1].End - question.Words[end - 1].Start <= 2)
        {
            to++;
        }

        return new NameSpan(start, end, question.Text[from..to]);
    }
}
