namespace Agentic.Retrieval;

/// <summary>Who a match is about.</summary>
internal static class SubjectFinder
{
    private const double OtherSubject = 0.35;

    /// <summary>The head of the facts of a match that begins at word <paramref name="start"/>, and how much doubt costs.</summary>
    public static (string Head, double Doubt) Find(TextSpans spans, Subject subject, int start, List<Capture> captures)
    {
        if (NameBefore(spans, start) is var name and >= 0 && !subject.IsNamedBy(spans, name, spans.NameEnd(name)))
        {
            return (spans.Slice(name, spans.NameEnd(name)), 0);
        }

        if (OwnerBefore(spans, subject, start) is { } owner)
        {
            return (owner, 0);
        }

        var sentence = spans.Words[start].Sentence;
        var first = FirstOfSentence(spans, start);
        for (var i = first; i < start && sentence > 0; i++)
        {
            if (WordLists.Pronouns.Contains(spans.Words[i].Folded))
            {
                return (subject.Name, 0);
            }

            if (spans.NameEnd(i) is var end and > 0)
            {
                var isFirstCapture = captures.Count > 0 && captures[0].Start <= i;
                var isAside = i > first && spans.Words[i - 1].Folded is "in" or "at" or "on" or "from" or "of" or "by" or "with" or "near" or "to" or "for" or "after";
                if (subject.IsNamedBy(spans, i, end) || isFirstCapture)
                {
                    return (subject.Name, 0);
                }

                if (!isAside)
                {
                    return (subject.Name, OtherSubject);
                }

                i = end - 1;
            }
        }

        return (subject.Name, 0);
    }

    // "son of William and his wife Mary": she is William's wife, not the title's.
    private static string? OwnerBefore(TextSpans spans, Subject subject, int start)
    {
        var at = start;
        while (at > 1 && start - at < 3 && spans.Words[at].Folded is not ("his" or "her" or "their") && spans.NameStart(at) < 0)
        {
            at--;
        }

        if (at < 2 || spans.Words[at].Folded is not ("his" or "her" or "their"))
        {
            return null;
        }

        start = at;
        while (at > 0 && start - at < 2 && spans.Words[at - 1].Folded is "and" or "by" or "with" or "of" && spans.Words[at - 1].Sentence == spans.Words[start].Sentence)
        {
            at--;
        }

        var name = at < start ? spans.NameStart(at) : -1;
        return name >= 0 && (spans.Before(at) & ~Gap.Comma) == 0 && !subject.IsNamedBy(spans, name, at) ? spans.Slice(name, at) : null;
    }

    // "Philippa, daughter of ..." and "the film Foo directed by ...": an apposition. In the first sentence, which is about the title,
    // a bare name before the pattern counts only when a quotation or a noun marks it as something else.
    private static int NameBefore(TextSpans spans, int start)
    {
        var gap = spans.Before(start);
        var name = spans.NameStart(start);
        if (name < 0 || (gap & ~(Gap.Comma | Gap.Quote)) != 0)
        {
            return -1;
        }

        var isKin = spans.Words[start].Folded is "son" or "daughter" or "wife" or "husband" or "widow" or "brother" or "sister" or "child" or "father" or "mother" or "consort" or "sibling";
        if ((gap & Gap.Comma) != 0)
        {
            return isKin && !IsPlace(spans, name) && !spans.Words[name].SentenceStart ? name : -1;
        }

        var isMarked = (gap & Gap.Quote) != 0 || (name > 0 && WordLists.Works.Contains(spans.Words[name - 1].Folded));
        return isMarked || (spans.Words[start].Sentence > 0 && !IsPlace(spans, name)) ? name : -1;
    }

    private static bool IsPlace(TextSpans spans, int name)
    {
        while (name > 0 && (spans.Before(name) & Gap.Comma) != 0 && spans.NameStart(name) >= 0)
        {
            name = spans.NameStart(name);
        }

        return CountryLexicon.TryRead(spans.Words, name, out _) || (name > 0 && spans.Words[name - 1].Folded is "in" or "at" or "from" or "near" or "on");
    }

    private static int FirstOfSentence(TextSpans spans, int at)
    {
        while (at > 0 && spans.Words[at - 1].Sentence == spans.Words[at].Sentence)
        {
            at--;
        }

        return at;
    }
}
