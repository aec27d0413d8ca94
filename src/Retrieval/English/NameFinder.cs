namespace Agentic.Retrieval;

/// <summary>Finds names: maximal runs of capitalised words with particles, initials, numerals and titles of rank inside.</summary>
internal static class NameFinder
{
    private const Gap Breaks = Gap.Comma | Gap.Open | Gap.Close | Gap.Quote | Gap.Stop | Gap.Possessive | Gap.Sentence;

    public static void Find(TextSpans spans, Action<int, int> found)
    {
        var words = spans.Words;
        for (var i = 0; i < words.Count;)
        {
            if (spans.DateAt(i).End > 0)
            {
                i = spans.DateAt(i).End;
                continue;
            }

            if (!CanStart(spans, i))
            {
                i++;
                continue;
            }

            var end = RunEnd(spans, i);
            var start = WithoutAdjectives(words, i, end);
            if (start < end && !IsModifier(spans, start, end))
            {
                found(start, end);
            }

            i = Math.Max(end, i + 1);
        }
    }

    private static bool CanStart(TextSpans spans, int at)
    {
        var word = spans.Words[at];
        if (word.Capitalized)
        {
            return !IsStarter(spans, at);
        }

        return WordLists.LeadingParticles.Contains(word.Folded) && at + 1 < spans.Words.Count && spans.Words[at + 1].Capitalized
            && (spans.Before(at + 1) & Breaks) == 0 && word.Folded is not "d" && at > 0 && !spans.Words[at - 1].Capitalized;
    }

    // A sentence's first word is capitalised anyway; it begins a name only when it is no common word.
    private static bool IsStarter(TextSpans spans, int at)
    {
        var word = spans.Words[at];
        if (!WordLists.Starters.Contains(word.Folded))
        {
            return false;
        }

        var continues = at + 1 < spans.Words.Count && spans.Words[at + 1].Capitalized && (spans.Before(at + 1) & Breaks) == 0;
        return word.SentenceStart || !continues || word.Folded is not ("the" or "a" or "an" or "may" or "will" or "his" or "her" or "my" or "one" or "no" or "not" or "all");
    }

    private static int RunEnd(TextSpans spans, int start)
    {
        var words = spans.Words;
        var end = start + 1;
        while (end < words.Count)
        {
            if (spans.DateAt(end).End > 0 && words[end].Capitalized)
            {
                break;
            }

            if (((spans.Before(end) & Breaks) == 0 && (words[end].Capitalized || IsOrdinalOrNumber(spans, end))) || IsInstitutionOf(spans, end))
            {
                end++;
            }
            else if (ParticlesThenCapital(spans, end) is var next and > 0)
            {
                end = next;
            }
            else if (RankAfterComma(spans, end) is var rank and > 0)
            {
                end = rank;
            }
            else
            {
                break;
            }
        }

        return end;
    }

    // "King's College", "St Mary's Church": the possessive is part of the name.
    private static bool IsInstitutionOf(TextSpans spans, int at) =>
        spans.Before(at) == Gap.Possessive && spans.Words[at].Capitalized && WordLists.Organizations.Contains(spans.Words[at].Folded);

    // "Apollo 11", and with the hyphen written tight "F-16", "COVID-19", "RFC-2119".
    private static bool IsOrdinalOrNumber(TextSpans spans, int at)
    {
        var word = spans.Words[at];
        var isTight = spans.Before(at) == Gap.Dash && word.Start == spans.Words[at - 1].End + 1;
        return char.IsAsciiDigit(word.Folded[0]) && word.Folded.Length <= (isTight ? 4 : 3) && (isTight || spans.Before(at) == Gap.None);
    }

    private static int ParticlesThenCapital(TextSpans spans, int at)
    {
        var words = spans.Words;
        var next = at;
        while (next < words.Count && next - at < 3 && (spans.Before(next) & Breaks) == 0 && !words[next].Capitalized && WordLists.Particles.Contains(words[next].Folded))
        {
            next++;
        }

        return next > at && next < words.Count && words[next].Capitalized && (spans.Before(next) & Breaks) == 0 && spans.DateAt(next).End == 0
            && !WordLists.Pronouns.Contains(words[next].Folded) ? next + 1 : 0;
    }

    // "Hugh de Stafford, 2nd Earl of Stafford", "Sammy Davis, Jr."
    private static int RankAfterComma(TextSpans spans, int at)
    {
        var words = spans.Words;
        if (at >= words.Count || (spans.Before(at) & ~(Gap.Comma | Gap.Dash)) != 0 || (spans.Before(at) & Gap.Comma) == 0)
        {
            return 0;
        }

        var next = at;
        if (char.IsAsciiDigit(words[next].Folded[0]) && words[next].Folded.Length is > 2 and <= 4 && char.IsAsciiLetter(words[next].Folded[^1]))
        {
            next++;
        }

        if (next < words.Count && words[next].Capitalized && WordLists.Ranks.Contains(words[next].Folded) && (next == at || spans.Before(next) == Gap.None))
        {
            return next + 1;
        }

        return 0;
    }

    /// <summary>True for a name that only says which: "Genesis drummer N", "the Mitannian king N".</summary>
    public static bool IsModifier(TextSpans spans, int start, int end) =>
        end < spans.Words.Count && spans.Before(end) == Gap.None && end - start <= 4 && !spans.Words[end].Capitalized
        && (WordLists.PersonNouns.Contains(spans.Words[end].Folded) || spans.Words[end].Folded is "band" or "star" or "frontman" or "laureate" or "member")
        && !WordLists.Barriers.Contains(spans.Words[end].Folded);

    private static int WithoutAdjectives(IReadOnlyList<Word> words, int start, int end)
    {
        while (start < end && CountryLexicon.TryRead(words, start, out var country) && country.IsAdjective && start + country.Words <= end)
        {
            start += country.Words;
        }

        return start;
    }
}
