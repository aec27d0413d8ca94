using System.Globalization;

namespace Agentic.Retrieval;

/// <summary>A date as far as a text gives it.</summary>
/// <param name="Year">Negative before Christ.</param>
/// <param name="Month">1 to 12, or 0 when unknown.</param>
/// <param name="Day">1 to 31, or 0 when unknown.</param>
internal readonly record struct CalendarDate(int Year, int Month, int Day) : IComparable<CalendarDate>
{
    /// <summary>Years with fractions, for differences between dates.</summary>
    public double InYears => Year + (Math.Max(Month - 1, 0) / 12.0) + (Math.Max(Day - 1, 0) / 372.0);

    /// <summary>0 for a year alone, 1 with a month, 2 with a day.</summary>
    public int Precision => Day > 0 ? 2 : Month > 0 ? 1 : 0;

    /// <summary>Earlier first; an unknown part counts as its beginning.</summary>
    public int CompareTo(CalendarDate other) => (Year, Month, Day).CompareTo((other.Year, other.Month, other.Day));

    /// <summary>The first date written in <paramref name="text"/>; false when there is none.</summary>
    public static bool TryParse(string text, out CalendarDate date)
    {
        var analysed = EnglishText.Analyze(text);
        for (var i = 0; i < analysed.Words.Count; i++)
        {
            if (DateReader.TryRead(analysed, i, out var span))
            {
                date = span.Date;
                return true;
            }
        }

        date = default;
        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year}-{Month:00}-{Day:00}");
}

/// <summary>A date in a text, as a range of words.</summary>
/// <param name="Start">First word.</param>
/// <param name="End">After the last word.</param>
/// <param name="Date">What it says.</param>
internal readonly record struct DateSpan(int Start, int End, CalendarDate Date);

/// <summary>Reads dates: "5 May 1821", "May 5, 1821", "May 1821", "1821", "875", "120 BC".</summary>
internal static class DateReader
{
    /// <summary>The longest date that begins at word <paramref name="at"/>. A bare number is a year from 1000 to 2100, or smaller before BC and AD.</summary>
    public static bool TryRead(EnglishText text, int at, out DateSpan span)
    {
        var words = text.Words;
        var word = words[at];
        span = default;
        if (MonthOf(word) is var month and > 0)
        {
            return TryReadFromMonth(text, at, month, out span);
        }

        if (!char.IsAsciiDigit(word.Folded[0]))
        {
            return false;
        }

        if (DayOf(word.Folded) is var day and > 0 && MonthAfterDay(text, at) is var monthAt and > 0)
        {
            return TryReadYear(text, monthAt + 1, MonthOf(words[monthAt]), day, at, out span);
        }

        if (!TryYear(text, at, out var year, out var end) || (end == at + 1 && (year < 1000 || year > 2100)))
        {
            return false;
        }

        span = new DateSpan(at, end, new CalendarDate(year, 0, 0));
        return true;
    }

    /// <summary>A year of 3 or 4 digits that the context says is one (after "died", beside a dash in a bracket).</summary>
    public static bool TryReadBareYear(EnglishText text, int at, out DateSpan span)
    {
        span = default;
        var folded = text.Words[at].Folded;
        if (folded.Length is < 3 or > 4 || !TryYear(text, at, out var year, out var end))
        {
            return false;
        }

        span = new DateSpan(at, end, new CalendarDate(year, 0, 0));
        return true;
    }

    private static int MonthAfterDay(EnglishText text, int at)
    {
        var next = at + 1;
        if (next < text.Words.Count && text.Words[next].Folded == "of")
        {
            next++;
        }

        return next < text.Words.Count && text.Words[next].Sentence == text.Words[at].Sentence && MonthOf(text.Words[next]) > 0 ? next : 0;
    }

    private static bool TryReadFromMonth(EnglishText text, int at, int month, out DateSpan span)
    {
        var words = text.Words;
        var next = at + 1;
        var day = next < words.Count && words[next].Sentence == words[at].Sentence ? DayOf(words[next].Folded) : 0;
        return TryReadYear(text, day > 0 ? next + 1 : next, month, day, at, out span);
    }

    private static bool TryReadYear(EnglishText text, int at, int month, int day, int start, out DateSpan span)
    {
        span = default;
        if (at < text.Words.Count && text.Words[at].Folded == "of")
        {
            at++;
        }

        if (at >= text.Words.Count || text.Words[at].Sentence != text.Words[start].Sentence || !TryYear(text, at, out var year, out var end)
            || text.Words[at].Folded.Length < 3)
        {
            return false;
        }

        span = new DateSpan(start, end, new CalendarDate(year, month, day));
        return true;
    }

    private static bool TryYear(EnglishText text, int at, out int year, out int end)
    {
        end = at + 1;
        var folded = text.Words[at].Folded;
        if (folded.Length > 4 || !int.TryParse(folded, NumberStyles.None, CultureInfo.InvariantCulture, out year))
        {
            year = 0;
            return false;
        }

        var next = end < text.Words.Count ? text.Words[end].Folded : "";
        if (next is "bc" or "bce")
        {
            (year, end) = (-year, end + 1);
        }
        else if (next is "ad" or "ce")
        {
            end++;
        }

        return year != 0;
    }

    private static int DayOf(string folded)
    {
        var digits = folded.Length > 2 && folded[^2..] is "st" or "nd" or "rd" or "th" ? folded[..^2] : folded;
        return digits.Length <= 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day is >= 1 and <= 31 ? day : 0;
    }

    private static int MonthOf(Word word)
    {
        if (!word.Capitalized || word.Folded.Length < 3)
        {
            return 0;
        }

        for (var m = 0; m < 12; m++)
        {
            if (word.Folded == WordLists.Months[m] || word.Folded == WordLists.ShortMonths[m] || (m == 8 && word.Folded == "sept"))
            {
                return m + 1;
            }
        }

        return 0;
    }
}
