using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The general fallback: the span of the wanted kind whose sentence shares most with the question.</summary>
internal static class SpanSearch
{
    private const double OutsideNames = 1.5;
    private const double Coverage = 0.3;
    private const double Nearness = 6;
    private const double NearnessScale = 40;
    private const double PerRank = 0.8;
    private const double UnlinkedTitle = 2;

    /// <summary>The best span as written; null when the evidence holds none.</summary>
    public static string? Best(EvidenceBook book, string question, IReadOnlyList<string> names)
    {
        var words = EnglishText.Analyze(question).Words;
        if (words.Count > 0 && words[0].Folded is "is" or "are" or "was" or "were" or "do" or "does" or "did" or "has" or "have" or "can")
        {
            return "yes";
        }

        var kind = QuestionKind.Of(words);
        var query = Query.Of(book, question, names);
        (string Text, double Score)? best = null;
        foreach (var (chunk, rank) in book.Chunks.Select((chunk, rank) => (chunk, rank)))
        {
            foreach (var (text, score) in Candidates(chunk, kind, query, rank))
            {
                if (best is null || score > best.Value.Score)
                {
                    best = (text, score);
                }
            }
        }

        return best?.Text;
    }

    /// <summary>A title named in the best sentence of the evidence but not in the question: where a second step should look; null when there is none.</summary>
    public static string? Bridge(EvidenceBook book, string question, IReadOnlyList<string> names)
    {
        var query = Query.Of(book, question, names);
        (string Text, double Score)? best = null;
        foreach (var (chunk, rank) in book.Chunks.Select((chunk, rank) => (chunk, rank)))
        {
            foreach (var (text, score) in Candidates(chunk, ValueKind.Name, query, rank))
            {
                if (text.Contains(' ', StringComparison.Ordinal) && (best is null || score > best.Value.Score))
                {
                    best = (text, score);
                }
            }
        }

        return best?.Text;
    }

    private static IEnumerable<(string Text, double Score)> Candidates(Chunk chunk, ValueKind kind, Query query, int rank)
    {
        var spans = TextSpans.Of(EnglishText.Analyze(chunk.Text));
        var whole = query.Weight(spans.Words.Select(word => word.Stem));
        var bonus = (Coverage * whole) - (PerRank * rank) + (query.Names.Any(name => EntityMatch.Score(name, chunk.Title) >= EntityMatch.Least) ? 0 : UnlinkedTitle);
        var sentences = spans.Words.GroupBy(word => word.Sentence).ToDictionary(group => group.Key, group => query.Weight(group.Select(word => word.Stem)));
        if (kind is ValueKind.Name or ValueKind.Person && !query.Mentions(chunk.Title))
        {
            yield return (Subject.WithoutBracket(chunk.Title), sentences.GetValueOrDefault(0) + bonus);
        }

        for (var i = 0; i < spans.Words.Count; i++)
        {
            var end = End(spans, i, kind);
            if (end > 0 && spans.Slice(i, end) is var text && !query.Mentions(text))
            {
                yield return (text, sentences[spans.Words[i].Sentence] + bonus + (Nearness * Math.Exp(-query.Distance(spans, i) / NearnessScale)));
            }
        }
    }

    private static int End(TextSpans spans, int at, ValueKind kind) => kind switch
    {
        ValueKind.Date => spans.DateAt(at).End,
        ValueKind.Country => CountryLexicon.TryRead(spans.Words, at, out var country) ? at + country.Words : 0,
        ValueKind.Number => char.IsAsciiDigit(spans.Words[at].Folded[0]) && spans.DateAt(at).End == 0 ? at + 1 : 0,
        ValueKind.Person => SlotReader.TryRead(spans, at, "person", out var end, out _) ? end : 0,
        _ => spans.NameEnd(at),
    };

    /// <summary>The question's content stems with their rarity among the chunks shown.</summary>
    private sealed class Query
    {
        private readonly Dictionary<string, double> _weights = new(StringComparer.Ordinal);
        private string _key = "";

        public IReadOnlyList<string> Names { get; private init; } = [];

        public static Query Of(EvidenceBook book, string question, IReadOnlyList<string> names)
        {
            var query = new Query { Names = names, _key = " " + EntityName.Key(question) + " " };
            var inNames = names.SelectMany(name => EnglishText.Analyze(name).Words.Select(word => word.Stem)).ToHashSet(StringComparer.Ordinal);
            var chunks = book.Chunks.Select(chunk => EnglishText.Analyze(chunk.Title + ". " + chunk.Text).Words.Select(word => word.Stem).ToHashSet(StringComparer.Ordinal)).ToArray();
            foreach (var word in EnglishText.Analyze(question).Words.Where(word => !FunctionWords.Contains(word.Folded)))
            {
                var shown = chunks.Count(chunk => chunk.Contains(word.Stem));
                query._weights[word.Stem] = Math.Log(1 + ((chunks.Length + 1.0) / (shown + 1))) * (inNames.Contains(word.Stem) ? 1 : OutsideNames);
            }

            return query;
        }

        public double Weight(IEnumerable<string> stems) => stems.Distinct(StringComparer.Ordinal).Sum(stem => _weights.GetValueOrDefault(stem));

        public bool Mentions(string text) => EntityName.Key(text) is { Length: > 0 } key && _key.Contains($" {key} ", StringComparison.Ordinal);

        /// <summary>Characters to the nearest question word of the same sentence; a large number when there is none.</summary>
        public double Distance(TextSpans spans, int at)
        {
            var nearest = 1000.0;
            for (var i = 0; i < spans.Words.Count; i++)
            {
                if (spans.Words[i].Sentence == spans.Words[at].Sentence && i != at && _weights.ContainsKey(spans.Words[i].Stem))
                {
                    nearest = Math.Min(nearest, Math.Abs(spans.Words[i].Start - spans.Words[at].Start));
                }
            }

            return nearest;
        }
    }
}
