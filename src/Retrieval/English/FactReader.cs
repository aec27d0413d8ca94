namespace Agentic.Retrieval;

/// <summary>Reads the facts of one text: the opening line, then the patterns of the language, sentence by sentence.</summary>
/// <remarks>A pure function of title and text; linear in the text.</remarks>
internal static class FactReader
{
    private const double PerSentence = 0.03;
    private const double DeepestSentence = 8;
    private const double PerListMember = 0.12;
    private const double Vague = 0.5;

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
        DemonymReader.Read(spans, subject, facts);
        return Distinct(WithoutVaguer(facts));
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

    // "film by N" names the director, "music written by N" the composer: a vaguer reading of the same words yields to the surer one.
    private static List<ReadFact> WithoutVaguer(List<ReadFact> facts) =>
        [.. facts.Where(fact => !(fact.Relation is "performer" && fact.Score <= Vague && facts.Exists(other => other.Position == fact.Position && other.Relation != fact.Relation && other.Score > fact.Score))
            && !(fact.Relation is "author" or "screenwriter" && facts.Exists(other => other.Position == fact.Position && other.Relation == "composer" && other.Score > fact.Score)))];

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
}
