namespace Agentic.Retrieval;

/// <summary>Reads a typed span at a word: what a pattern slot accepts.</summary>
internal static class SlotReader
{
    private const Gap Breaks = Gap.Comma | Gap.Open | Gap.Close | Gap.Quote | Gap.Stop | Gap.Possessive | Gap.Sentence;
    private const int MaxTextWords = 6;

    /// <summary>The span of that type beginning at <paramref name="at"/>: [at, end) is the value, [at, reach) what belongs to it.</summary>
    public static bool TryRead(TextSpans spans, int at, string type, out int end, out int reach)
    {
        (end, reach) = (0, 0);
        switch (type)
        {
            case "date":
                end = reach = spans.DateAt(at).End;
                return end > 0;
            case "country":
                end = reach = CountryLexicon.TryRead(spans.Words, at, out var country) && !country.IsRegion ? at + country.Words : 0;
                return end > 0;
            case "number":
                end = reach = char.IsAsciiDigit(spans.Words[at].Folded[0]) ? NumberEnd(spans, at) : 0;
                return end > 0;
            case "text" or "cause":
                end = reach = TextEnd(spans, at, type == "cause");
                return end > at;
            case "work" when QuoteEnd(spans, at) is var quoted and > 0:
                end = reach = quoted;
                return true;
            case "place":
                end = spans.NameEnd(at);
                reach = end > 0 ? PlaceReach(spans, end) : 0;
                return end > 0;
            case "person":
                end = reach = IsPerson(spans, at) ? spans.NameEnd(at) : 0;
                return end > 0;
            case "award":
                end = reach = spans.NameEnd(at);
                return end > 0 && Enumerable.Range(at, end - at).Any(i => WordLists.Awards.Contains(spans.Words[i].Folded));
            case "institution":
                end = reach = spans.NameEnd(at);
                return end > 0 && IsInstitution(spans, at, end);
            default:
                end = reach = spans.NameEnd(at);
                return end > 0;
        }
    }

    /// <summary>The name that ends before <paramref name="at"/>, for slots left of the anchor.</summary>
    public static bool TryReadBack(TextSpans spans, int at, string type, out int start)
    {
        start = spans.NameStart(at);
        return start >= 0 && (type != "person" || IsPerson(spans, start));
    }

    /// <summary>End of the quoted span that begins at <paramref name="at"/> (at most 14 words), or 0.</summary>
    public static int QuoteEnd(TextSpans spans, int at)
    {
        if ((spans.Before(at) & Gap.Quote) == 0)
        {
            return 0;
        }

        for (var end = at + 1; end <= spans.Words.Count && end - at <= 14; end++)
        {
            if ((spans.Before(end) & Gap.Quote) != 0)
            {
                return end;
            }
        }

        return 0;
    }

    private static bool IsPerson(TextSpans spans, int at)
    {
        var end = spans.NameEnd(at);
        return end > 0 && (spans.Before(at) & Gap.Quote) == 0 && !IsCountry(spans, at, end) && !WordLists.Organizations.Contains(spans.Words[end - 1].Folded) && !IsPlaceNoun(spans.Words[end - 1].Folded) && spans.Words[at].Folded != "the";
    }

    private static bool IsPlaceNoun(string folded) => WordLists.Places.Contains(folded) || (folded.Length > 3 && folded[^1] == 's' && WordLists.Places.Contains(folded[..^1]));

    private static bool IsInstitution(TextSpans spans, int at, int end) => Enumerable.Range(at, end - at).Any(i => WordLists.Organizations.Contains(spans.Words[i].Folded));

    private static bool IsCountry(TextSpans spans, int at, int end) =>
        CountryLexicon.TryRead(spans.Words, at, out var country) && at + country.Words == end;

    // "Lyon, Rhone, France": the city is the value, the rest belongs to it.
    private static int PlaceReach(TextSpans spans, int end)
    {
        for (var parts = 0; parts < 3 && end < spans.Words.Count; parts++)
        {
            if ((spans.Before(end) & ~Gap.Quote) != Gap.Comma || spans.NameEnd(end) == 0)
            {
                break;
            }

            end = spans.NameEnd(end);
        }

        return end;
    }

    private static int NumberEnd(TextSpans spans, int at)
    {
        var end = at + 1;
        while (end < spans.Words.Count && char.IsAsciiDigit(spans.Words[end].Folded[0]) && (spans.Before(end) & ~Gap.Comma) == 0)
        {
            end++;
        }

        return end;
    }

    private static int TextEnd(TextSpans spans, int at, bool lowerCaseOnly)
    {
        var end = at;
        while (end < spans.Words.Count && end - at < MaxTextWords && (end == at || (spans.Before(end) & Breaks) == 0)
            && !WordLists.Starters.Contains(spans.Words[end].Folded) && !(lowerCaseOnly && spans.Words[end].Capitalized)
            && spans.Words[end].Folded is not ("a" or "an" or "the"))
        {
            end++;
        }

        return end;
    }
}
