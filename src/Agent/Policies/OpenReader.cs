using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>
/// Reads a relation the fact patterns do not know: in the sentences that mention the entity, the span of the wanted kind that stands nearest to the
/// relation's words. Words are compared by their roots, so "designer" is found in "designed by".
/// </summary>
internal static class OpenReader
{
    private const double Basis = 0.2;
    private const double PerCoverage = 0.2;
    private const double PerNearness = 0.15;
    private const double PerSort = 0.15;
    private const double PerAgent = 0.08;
    private const double OwnText = 0.9;
    private const double NearnessScale = 6;
    private const double RelatedWeight = 0.7;
    private const double TitleNearness = 0.5;
    private const double SubjectNearness = 0.9;
    private const double SameName = 0.75;

    /// <summary>Values with a score of at most 0.7, one for each place they were read.</summary>
    public static IEnumerable<BookValue> Find(IReadOnlyList<ShownPage> pages, string entity, OpenRelation relation)
    {
        var sought = new SoughtWords(relation);
        foreach (var page in pages)
        {
            var own = EntityMatch.Score(entity, page.Title) >= EntityMatch.Least;
            foreach (var sentence in Sentences(page.Spans))
            {
                if (own || Mentions(page.Spans, sentence, entity))
                {
                    foreach (var value in Read(pages, page, sentence, own, entity, relation, sought))
                    {
                        yield return value;
                    }
                }
            }
        }
    }

    private static IEnumerable<BookValue> Read(IReadOnlyList<ShownPage> pages, ShownPage page, (int Start, int End) sentence, bool own, string entity, OpenRelation relation, SoughtWords sought)
    {
        var spans = page.Spans;
        var hits = Enumerable.Range(sentence.Start, sentence.End - sentence.Start).Where(i => sought.Weight(spans.Words[i].Folded) > 0).ToArray();
        var coverage = sought.Coverage(hits.Select(i => spans.Words[i].Folded));
        var source = spans.Text.Text[spans.Words[sentence.Start].Start..spans.Words[sentence.End - 1].End];
        if (!own && relation.Kind is ValueKind.Person or ValueKind.Name && coverage > 0)
        {
            var title = Subject.WithoutBracket(page.Title);
            if (IsOfKind(title, relation.Kind))
            {
                yield return new BookValue(title, Score(coverage, OpensWithSubject(page, sentence) ? SubjectNearness : TitleNearness, sought.IsSort(pages, page, title)), source);
            }
        }

        for (var i = sentence.Start; i < sentence.End; i++)
        {
            var end = SpanEnd(spans, i, relation.Kind);
            if (end == 0 || (own && page.Subject.IsNamedBy(spans, i, end)) || IsStray(spans, i, end))
            {
                continue;
            }

            var text = spans.Slice(i, end);
            var outside = hits.Where(hit => hit < i || hit >= end).ToArray();
            var said = sought.Coverage(outside.Select(hit => spans.Words[hit].Folded));
            var sort = relation.Noun.Length > 0 && (sought.IsSort(pages, null, text) || sought.NamesSort(spans, i, end));
            if (EntityMatch.Score(entity, text) < SameName && (said > 0 || sort))
            {
                var distance = outside.Length == 0 ? NearnessScale : outside.Min(hit => hit < i ? i - hit - 1 : hit - end);
                var agent = IsAgent(spans, i) ? PerAgent : 0;
                yield return new BookValue(WithUnit(spans, i, end, relation), (own ? OwnText : 1) * (agent + Score(said, Math.Exp(-distance / NearnessScale), sort)), source);
            }
        }
    }

    // "wound by the firm N": the one who does it.
    private static bool IsAgent(TextSpans spans, int at)
    {
        for (var i = at - 1; i >= 0 && i >= at - 4 && spans.Words[i].Sentence == spans.Words[at].Sentence; i--)
        {
            if (spans.Words[i].Folded == "by")
            {
                return i > 0 && IrregularVerbs.IsPast(spans.Words[i - 1].Folded);
            }
        }

        return false;
    }

    // "How high": a quantity with its unit; "how many" names the unit itself.
    private static string WithUnit(TextSpans spans, int start, int end, OpenRelation relation) =>
        relation is { Kind: ValueKind.Number, Noun: "" } && end < spans.Words.Count && spans.Before(end) == Gap.None && !FunctionWords.Contains(spans.Words[end].Folded)
            ? spans.Slice(start, end + 1)
            : spans.Slice(start, end);

    // "She wrote the manual": what the sentence says is said of the text's own subject.
    private static bool OpensWithSubject(ShownPage page, (int Start, int End) sentence) =>
        page.Spans.Words[sentence.Start].Folded is "he" or "she" or "it" or "they"
        || (page.Spans.NameEnd(sentence.Start) is var end and > 0 && page.Subject.IsNamedBy(page.Spans, sentence.Start, end));

    private static double Score(double coverage, double nearness, bool sort) =>
        Basis + (PerCoverage * coverage) + (PerNearness * nearness) + (sort ? PerSort : 0);

    private static IEnumerable<(int Start, int End)> Sentences(TextSpans spans)
    {
        var start = 0;
        for (var i = 1; i <= spans.Words.Count; i++)
        {
            if (i == spans.Words.Count || spans.Words[i].Sentence != spans.Words[start].Sentence)
            {
                yield return (start, i);
                start = i;
            }
        }
    }

    private static bool Mentions(TextSpans spans, (int Start, int End) sentence, string entity)
    {
        var key = EntityName.Key(Subject.WithoutBracket(entity));
        var words = $" {EntityName.Key(spans.Text.Text[spans.Words[sentence.Start].Start..spans.Words[sentence.End - 1].End])} ";
        if (key.Length > 0 && words.Contains($" {key} ", StringComparison.Ordinal))
        {
            return true;
        }

        for (var i = sentence.Start; i < sentence.End; i++)
        {
            if (spans.NameEnd(i) is var end and > 0 && EntityMatch.Score(entity, spans.Slice(i, end)) >= SameName)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfKind(string name, ValueKind kind)
    {
        var spans = TextSpans.Of(EnglishText.Analyze(name));
        return kind != ValueKind.Person || (spans.Words.Count > 0 && SlotReader.TryRead(spans, 0, "person", out var end, out _) && end == spans.Words.Count);
    }

    private static int SpanEnd(TextSpans spans, int at, ValueKind kind) => kind switch
    {
        ValueKind.Date => spans.DateAt(at).End,
        ValueKind.Country => CountryLexicon.TryRead(spans.Words, at, out var country) ? at + country.Words : 0,
        ValueKind.Number => NumberEnd(spans, at),
        ValueKind.Person => SlotReader.TryRead(spans, at, "person", out var person, out _) && !IsAfterPlaceWord(spans, at) ? person : 0,
        _ => spans.NameEnd(at),
    };

    private static bool IsAfterPlaceWord(TextSpans spans, int at) => at > 0 && spans.Words[at - 1].Folded is "in" or "at" or "near" or "from" or "into";

    // A number that is part of a name is none; a quantity keeps its unit: "2,214 metres".
    private static int NumberEnd(TextSpans spans, int at)
    {
        var isBare = spans.DateAt(at).End == 0 && (at == 0 || ((spans.Before(at) & Gap.Dash) == 0 && (spans.Before(at) != Gap.None || !spans.Words[at - 1].Capitalized) && !char.IsAsciiDigit(spans.Words[at - 1].Folded[0])));
        return isBare && SlotReader.TryRead(spans, at, "number", out var end, out _) ? end : 0;
    }

    // A word that is capitalised only by its place, such as "No" at the start of a sentence.
    private static bool IsStray(TextSpans spans, int start, int end) => end - start == 1 && (FunctionWords.Contains(spans.Words[start].Folded) || WordLists.Starters.Contains(spans.Words[start].Folded));

    /// <summary>The words of a relation by their roots, with the words that state it otherwise.</summary>
    private sealed class SoughtWords
    {
        private readonly Dictionary<string, (int Cue, double Weight)> _roots = new(StringComparer.Ordinal);
        private readonly HashSet<string> _sort;
        private readonly int _cues;

        public SoughtWords(OpenRelation relation)
        {
            var noun = EnglishText.Analyze(relation.Noun).Words.Select(word => word.Folded).Where(word => !FunctionWords.Contains(word)).ToArray();
            _sort = noun.Select(Root).ToHashSet(StringComparer.Ordinal);
            var words = relation.Cues.Count > 0 ? relation.Cues : noun;
            _cues = words.Count;
            foreach (var other in relation.Synonyms)
            {
                _roots[Root(other)] = (0, RelatedWeight);
            }

            foreach (var (word, cue) in words.Select((word, cue) => (word, cue)))
            {
                _roots[Root(word)] = (cue, 1);
                foreach (var other in RelatedWords.Of(word))
                {
                    _roots.TryAdd(Root(other), (cue, RelatedWeight));
                }
            }
        }

        private static string Root(string folded) => WordRoot.Of(IrregularVerbs.BaseOf(folded));

        public double Weight(string folded) => _roots.TryGetValue(Root(folded), out var hit) ? hit.Weight : 0;

        /// <summary>Share of the relation's words found, in [0, 1].</summary>
        public double Coverage(IEnumerable<string> words) =>
            _cues == 0 ? 0 : words.Select(word => _roots[Root(word)]).GroupBy(hit => hit.Cue).Sum(group => group.Max(hit => hit.Weight)) / _cues;

        /// <summary>True when the name holds the noun, or the opening line of its own text does.</summary>
        public bool IsSort(IReadOnlyList<ShownPage> pages, ShownPage? page, string name)
        {
            if (_sort.Count == 0)
            {
                return false;
            }

            page ??= pages.FirstOrDefault(other => EntityMatch.Score(name, other.Title) >= SameName);
            return EnglishText.Analyze(name).Words.Any(word => _sort.Contains(Root(word.Folded)))
                || (page is not null && page.Spans.Words.TakeWhile(word => word.Sentence == 0).Any(word => _sort.Contains(Root(word.Folded))));
        }

        /// <summary>True when the noun stands directly before or behind the span, or before "called".</summary>
        public bool NamesSort(TextSpans spans, int start, int end)
        {
            var before = start > 1 && spans.Words[start - 1].Folded is "called" or "named" ? start - 2 : start - 1;
            return (before >= 0 && _sort.Contains(Root(spans.Words[before].Folded))) || (end < spans.Words.Count && _sort.Contains(Root(spans.Words[end].Folded)));
        }
    }
}
