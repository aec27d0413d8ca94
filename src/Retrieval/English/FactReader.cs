namespace Agentic.Retrieval;

/// <summary>Reads the facts of one text: the opening line, then the patterns of the language, sentence by sentence.</summary>
/// <remarks>A pure function of title and text; linear in the text.</remarks>
internal static class FactReader
{
    private const double PerSentence = 0.03;
    private const double DeepestSentence = 8;
    private const double OtherSubject = 0.35;
    private const double PerListMember = 0.12;

    /// <summary>The facts of a text, best score first for each relation's own use; repetitions removed, reading order kept.</summary>
    public static IReadOnlyList<ReadFact> Read(string title, string text)
    {
        var spans = TextSpans.Of(EnglishText.Analyze(text));
        return Read(spans, new Subject(title, spans));
    }

    /// <summary>The same over a text analysed before.</summary>
    public static IReadOnlyList<ReadFact> Read(TextSpans spans, Subject subject)
    {
        if (subject.Name.Length == 0)
        {
            return [];
        }

        var facts = new List<ReadFact>();
        LeadReader.Read(spans, subject, facts);
        ReadPatterns(spans, subject, FactPatternSet.English, facts);
        FamilyRules.Apply(spans, subject, facts);
        return Distinct(facts);
    }

    private static void ReadPatterns(TextSpans spans, Subject subject, FactPatternSet patterns, List<ReadFact> facts)
    {
        var captures = new List<Capture>();
        for (var i = 0; i < spans.Words.Count; i++)
        {
            foreach (var pattern in patterns.At(spans.Words[i].Folded))
            {
                if (new PatternMatcher(spans, pattern, captures).TryMatch(i, out var start, out _))
                {
                    Add(spans, subject, pattern, captures, start, facts);
                }
            }
        }
    }

    private static void Add(TextSpans spans, Subject subject, FactPattern pattern, List<Capture> captures, int start, List<ReadFact> facts)
    {
        var (head, doubt) = SubjectFinder.Find(spans, subject, start, captures);
        var sentence = spans.Words[start].Sentence;
        var score = pattern.Score - doubt - (PerSentence * Math.Min(sentence, DeepestSentence));
        foreach (var capture in captures)
        {
            if (capture.Element.Slot is "x")
            {
                continue;
            }

            Add(spans, capture, head, score, sentence, facts);
            if (capture.Element.List)
            {
                AddMembers(spans, capture, head, score, sentence, facts);
            }
        }
    }

    private static void Add(TextSpans spans, Capture capture, string head, double score, int sentence, List<ReadFact> facts)
    {
        var value = FullName(spans, capture) ?? spans.Slice(capture.Start, capture.End);
        if (score <= 0 || EntityName.Key(value) == EntityName.Key(head))
        {
            return;
        }

        var position = spans.Words[capture.Start].Start;
        facts.Add(capture.Element.Inverse
            ? new ReadFact(value, capture.Element.Slot, head, score, sentence, position)
            : new ReadFact(head, capture.Element.Slot, value, score, sentence, position));
    }

    // A surname alone stands for the last fuller name before it that ends with it.
    private static string? FullName(TextSpans spans, Capture capture)
    {
        if (capture.Element.Type != "person" || capture.End - capture.Start != 1)
        {
            return null;
        }

        for (var end = capture.Start; end > 0; end--)
        {
            if (spans.NameStart(end) is var start and >= 0 && end - start is > 1 and <= 4 && SlotReader.TryReadBack(spans, end, "person", out _) && spans.Words[end - 1].Folded == spans.Words[capture.Start].Folded)
            {
                return spans.Slice(start, end);
            }
        }

        return null;
    }

    // "A, B and C": what follows the first value of a list slot.
    private static void AddMembers(TextSpans spans, Capture first, string head, double score, int sentence, List<ReadFact> facts)
    {
        var at = first.Reach;
        for (var member = 1; member < 8 && at < spans.Words.Count; member++)
        {
            var gap = spans.Before(at) & ~Gap.Quote;
            if (gap is not (Gap.None or Gap.Comma))
            {
                return;
            }

            var joined = spans.Words[at].Folded is "and" ? 1 : 0;
            if ((joined == 0 && gap != Gap.Comma) || at + joined >= spans.Words.Count || (joined > 0 && (spans.Before(at + joined) & ~Gap.Quote) != 0)
                || !SlotReader.TryRead(spans, at + joined, first.Element.Type, out var end, out var reach))
            {
                return;
            }

            Add(spans, first with { Start = at + joined, End = end, Reach = reach }, head, score - (PerListMember * member), sentence, facts);
            at = reach;
        }
    }

    private static List<ReadFact> Distinct(List<ReadFact> facts)
    {
        var best = new Dictionary<(string, string, string), int>();
        var kept = new List<ReadFact>(facts.Count);
        foreach (var fact in facts)
        {
            var key = (EntityName.Key(fact.Head), fact.Relation, EntityName.Key(fact.Tail));
            if (!best.TryGetValue(key, out var at))
            {
                best.Add(key, kept.Count);
                kept.Add(fact);
            }
            else if (fact.Score > kept[at].Score)
            {
                kept[at] = fact;
            }
        }

        return kept;
    }

    /// <summary>Who a match is about.</summary>
    private static class SubjectFinder
    {
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
}
