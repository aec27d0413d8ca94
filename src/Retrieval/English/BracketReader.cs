namespace Agentic.Retrieval;

/// <summary>Reads the dates and places of a life in the first bracket of a text: "(Caracas, 14 December 1927 – Madrid, 15 April 1991)".</summary>
internal static class BracketReader
{
    private const double Sure = 0.97;

    /// <summary>Adds birth and death facts from the first bracket with a date that opens before word <paramref name="limit"/>.</summary>
    public static void Read(TextSpans spans, Subject subject, int limit, List<ReadFact> facts)
    {
        for (var i = 0; i < limit; i++)
        {
            if ((spans.Before(i) & Gap.Open) != 0 && BracketEnd(spans, i) is var end && Read(spans, subject, i, end, facts))
            {
                return;
            }
        }
    }

    private static int BracketEnd(TextSpans spans, int start)
    {
        var depth = 1;
        for (var i = start + 1; i <= spans.Words.Count; i++)
        {
            var gap = spans.Before(i);
            if ((gap & Gap.Close) != 0 && --depth == 0)
            {
                return i;
            }

            if (i == spans.Words.Count || spans.Words[i].Sentence > spans.Words[start].Sentence + 1)
            {
                return i;
            }

            depth += (gap & Gap.Open) != 0 ? 1 : 0;
        }

        return spans.Words.Count;
    }

    private static bool Read(TextSpans spans, Subject subject, int start, int end, List<ReadFact> facts)
    {
        var split = Split(spans, start, end);
        var birth = LastDate(spans, start, split);
        var death = split < end ? LastDate(spans, split, end) : default;
        var opensWithDeath = spans.Words[start].Folded is "died" or "d" or "assassinated" or "killed" or "executed";
        if (opensWithDeath && split == end && birth.End > 0)
        {
            (birth, death) = (default, birth);
        }

        if (birth.End == 0 && death.End == 0)
        {
            return false;
        }

        var cued = split < end || opensWithDeath || birth.Date.Precision == 2 || Enumerable.Range(start, end - start).Any(i => spans.Words[i].Folded is "born" or "b");
        if (!cued || spans.Words[start].Folded is "released" or "published" or "fl" or "floruit")
        {
            return false;
        }

        Add(spans, subject, "birth", birth, start, split, facts);
        Add(spans, subject, "death", death, opensWithDeath ? start : split, end, facts);
        return true;
    }

    // The word that opens the second half: after a dash between dates, or "died".
    private static int Split(TextSpans spans, int start, int end)
    {
        if ((spans.Before(start) & Gap.Dash) != 0)
        {
            return start;
        }

        var seen = IsYear(spans, start);
        for (var i = start + 1; i < end; i++)
        {
            var gap = spans.Before(i);
            var isDash = (gap & Gap.Dash) != 0 && (seen || ((gap & Gap.Stop) != 0 && HasDate(spans, i, end) && !HasDate(spans, start, i) && spans.Words[start].Folded is not "born"));
            var isDate = spans.DateAt(i) is { End: > 0 } date && date.Date.Precision > 0;
            if ((spans.Words[i].Folded is "died" or "d" && !spans.Words[i].Capitalized) || (isDash && !IsYearOfRange(spans, i)) || (isDate && seen && gap == Gap.None))
            {
                return i;
            }

            seen |= IsYear(spans, i);
        }

        return end;
    }

    private static bool IsYear(TextSpans spans, int at) => spans.Words[at].Folded is { Length: 3 or 4 } word && word.All(char.IsAsciiDigit);

    // "1569/70", "20/30 August": a doubtful number, not the end of a life.
    private static bool IsYearOfRange(TextSpans spans, int at) =>
        spans.Words[at].Folded.Length <= 2 && spans.DateAt(at).End == 0 && char.IsAsciiDigit(spans.Words[at].Folded[0]);

    private static bool HasDate(TextSpans spans, int start, int end) => LastDate(spans, start, end).End > 0;

    // The most precise date, the last one among equals; a number of 3 or 4 digits counts as a year here.
    private static DateSpan LastDate(TextSpans spans, int start, int end)
    {
        DateSpan best = default;
        for (var i = start; i < end;)
        {
            var date = spans.DateAt(i);
            if (date.End == 0 && !DateReader.TryReadBareYear(spans.Text, i, out date))
            {
                i++;
                continue;
            }

            if (date.End <= end && (best.End == 0 || date.Date.Precision > best.Date.Precision))
            {
                best = date;
            }

            i = Math.Max(date.End, i + 1);
        }

        return best;
    }

    // "Caracas, 14 December 1927", "Paris, France, 4 May 1900": the first of the names joined to the date by commas.
    private static int PlaceBefore(TextSpans spans, int date, int start)
    {
        var first = -1;
        for (var at = date; at > start && (spans.Before(at) & ~Gap.Dash) == Gap.Comma && spans.NameStart(at) is var name && name >= start; at = name)
        {
            first = name;
        }

        return first > 0 && spans.Words[first - 1].Folded is "born" or "ne" or "nee" or "as" ? -1 : first;
    }

    private static void Add(TextSpans spans, Subject subject, string what, DateSpan date, int start, int end, List<ReadFact> facts)
    {
        if (date.End == 0)
        {
            return;
        }

        facts.Add(new ReadFact(subject.Name, $"date of {what}", spans.Slice(date.Start, date.End), Sure, spans.Words[start].Sentence, spans.Words[date.Start].Start));
        if (PlaceBefore(spans, date.Start, start) is var place and >= 0)
        {
            facts.Add(new ReadFact(subject.Name, $"place of {what}", spans.Slice(place, spans.NameEnd(place)), 0.9, spans.Words[start].Sentence, spans.Words[place].Start));
            return;
        }

        for (var i = date.End; i < end; i++)
        {
            var isNear = (i == date.End && (spans.Before(i) & Gap.Comma) != 0) || spans.Words[i - 1].Folded is "in" or "at" or "near";
            if (spans.NameEnd(i) is var close and > 0 && isNear && close <= end && (spans.Before(i) & Gap.Quote) == 0)
            {
                facts.Add(new ReadFact(subject.Name, $"place of {what}", spans.Slice(i, close), 0.93, spans.Words[start].Sentence, spans.Words[i].Start));
                return;
            }
        }
    }
}
