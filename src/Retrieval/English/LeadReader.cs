namespace Agentic.Retrieval;

/// <summary>Reads the opening sentence of an encyclopedic text: the bracket with the dates of a life, and "is a ...".</summary>
internal static class LeadReader
{
    private const double Sure = 0.97;
    private const int MaxPhraseWords = 16;

    public static void Read(TextSpans spans, Subject subject, List<ReadFact> facts)
    {
        var copula = Copula(spans);
        BracketReader.Read(spans, subject, copula < 0 ? spans.Words.Count : copula, facts);
        if (copula >= 0)
        {
            ReadPhrase(spans, subject, copula + 1, facts);
        }

        ReadTitleYear(subject, facts);
    }

    // The first verb of being outside brackets in the first two sentences.
    private static int Copula(TextSpans spans)
    {
        var depth = 0;
        for (var i = 0; i < spans.Words.Count && spans.Words[i].Sentence < 2; i++)
        {
            var gap = spans.Before(i);
            depth += (gap & Gap.Open) != 0 ? 1 : 0;
            depth -= (gap & Gap.Close) != 0 && depth > 0 ? 1 : 0;
            if (spans.Words[i].Folded is not ("is" or "was" or "are" or "were"))
            {
                continue;
            }

            // A bracket closed directly before the verb ends whatever brackets were left open.
            depth = (gap & Gap.Close) != 0 ? 0 : depth;
            if (depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static void ReadPhrase(TextSpans spans, Subject subject, int start, List<ReadFact> facts)
    {
        var end = PhraseEnd(spans, start);
        var first = start;
        while (first < end && spans.Words[first].Folded is "a" or "an" or "the" or "one" or "of")
        {
            first++;
        }

        if (first >= end)
        {
            ReadCountries(spans, subject, Math.Min(start, spans.Words.Count - 1), end, Sort.Other, facts);
            return;
        }

        var sort = SortOf(spans, first, end, facts);
        var text = spans.Slice(first, end);
        var sentence = spans.Words[first].Sentence;
        var isKin = Enumerable.Range(first, end - first).Any(i => WordLists.Barriers.Contains(spans.Words[i].Folded));
        if (!isKin)
        {
            facts.Add(new ReadFact(subject.Name, "is", text, 0.9, sentence, spans.Words[first].Start));
        }

        ReadCountries(spans, subject, first, end, sort, facts);
        if (sort == Sort.Person)
        {
            ReadOccupation(spans, subject, first, end, facts);
        }
        else if (YearIn(spans, first, end) is { End: > 0 } year)
        {
            var relation = sort == Sort.Work ? "release date" : "date of foundation";
            facts.Add(new ReadFact(subject.Name, relation, spans.Slice(year.Start, year.End), sort == Sort.Work ? 0.88 : 0.5, sentence, spans.Words[year.Start].Start));
        }
    }

    private enum Sort
    {
        Other,
        Person,
        Work,
        Place,
    }

    // The last telling noun of the first conjunct that has one; a life's dates tell a person.
    private static Sort SortOf(TextSpans spans, int start, int end, List<ReadFact> facts)
    {
        var sort = Sort.Other;
        for (var i = start; i < end; i++)
        {
            var folded = spans.Words[i].Folded;
            var endsConjunct = folded is "of" or "in" or "by" or "from" or "for" or "at" or "about" or "on" or "with" or "and" || (spans.Before(i) & Gap.Comma) != 0;
            if (endsConjunct && (sort != Sort.Other || folded is not "and"))
            {
                break;
            }

            sort = WordLists.Works.Contains(folded) ? Sort.Work : WordLists.PersonNouns.Contains(folded) ? Sort.Person : WordLists.Places.Contains(folded) ? Sort.Place : sort;
        }

        return sort == Sort.Other && facts.Exists(fact => fact.Relation is "date of birth" or "date of death") ? Sort.Person : sort;
    }

    private static int PhraseEnd(TextSpans spans, int start)
    {
        var end = start;
        while (end < spans.Words.Count && end - start < MaxPhraseWords && spans.Words[end].Sentence == spans.Words[start].Sentence
            && (end == start || (spans.Before(end) & (Gap.Open | Gap.Stop | Gap.Sentence)) == 0)
            && spans.Words[end].Folded is not ("who" or "which" or "that" or "whose" or "directed" or "written" or "starring" or "by" or "best" or "known" or "made" or "filmed" or "recorded" or "released" or "performed" or "located" or "situated" or "produced" or "where" or "when" or "is" or "was" or "has" or "had"))
        {
            end++;
        }

        return end;
    }

    private static void ReadCountries(TextSpans spans, Subject subject, int start, int end, Sort sort, List<ReadFact> facts)
    {
        var found = 0;
        var sentence = spans.Words[start].Sentence;
        var relation = sort == Sort.Person ? "nationality" : "country";
        var isWide = sort is Sort.Place or Sort.Other;
        var last = isWide ? SentenceEnd(spans, start) : end;
        for (var i = isWide ? 0 : start; i < last; i++)
        {
            if (!CountryLexicon.TryRead(spans.Words, i, out var country))
            {
                continue;
            }

            var written = spans.Slice(i, i + country.Words);
            var isNamed = country.IsAdjective && Mentions(spans, country.Country.Name, out var asWritten);
            var value = country.IsRegion ? country.Country.Name : isNamed ? country.Country.Name : written;
            var isOrigin = i + country.Words < spans.Words.Count && spans.Words[i + country.Words].Folded == "born";
            var score = Sure - (0.04 * found) - (country.IsRegion ? 0.35 : 0) - (country.IsAdjective || isWide ? 0 : 0.25) - (isOrigin ? 0.2 : 0);
            facts.Add(new ReadFact(subject.Name, relation, value, score, sentence, spans.Words[i].Start));
            found++;
            i += country.Words - 1;
        }
    }

    private static bool Mentions(TextSpans spans, string country, out string written)
    {
        written = country;
        for (var i = 0; i < spans.Words.Count; i++)
        {
            if (CountryLexicon.TryRead(spans.Words, i, out var found) && !found.IsAdjective && !found.IsRegion && found.Country.Name == country)
            {
                written = spans.Slice(i, i + found.Words);
                return true;
            }
        }

        return false;
    }

    private static void ReadOccupation(TextSpans spans, Subject subject, int start, int end, List<ReadFact> facts)
    {
        var first = start;
        while (first < end && (CountryLexicon.TryRead(spans.Words, first, out _) || spans.Words[first].Folded is "born" or "former" or "late" or "retired" or "famous" or "noted" or "prominent" or "professional"))
        {
            first++;
        }

        var last = first;
        while (last < end && spans.Words[last].Folded is not ("of" or "in" or "from" or "for" or "at" or "with" or "to" or "during" or "on"))
        {
            last++;
        }

        if (last > first && !Enumerable.Range(first, last - first).Any(i => WordLists.Barriers.Contains(spans.Words[i].Folded)))
        {
            facts.Add(new ReadFact(subject.Name, "occupation", spans.Slice(first, last), 0.85, spans.Words[first].Sentence, spans.Words[first].Start));
        }
    }

    private static DateSpan YearIn(TextSpans spans, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (spans.DateAt(i).End > 0)
            {
                return spans.DateAt(i);
            }
        }

        return default;
    }

    private static void ReadTitleYear(Subject subject, List<ReadFact> facts)
    {
        var open = subject.Name.LastIndexOf(" (", StringComparison.Ordinal);
        if (open > 0 && CalendarDate.TryParse(subject.Name[open..], out var date) && date.Precision == 0)
        {
            facts.Add(new ReadFact(subject.Name, "release date", date.Year.ToString(System.Globalization.CultureInfo.InvariantCulture), 0.6, 0, 0));
        }
    }

    private static int SentenceEnd(TextSpans spans, int at)
    {
        var sentence = spans.Words[at].Sentence;
        while (at < spans.Words.Count && spans.Words[at].Sentence == sentence)
        {
            at++;
        }

        return at;
    }
}
