using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>Statements in general English: two names of one sentence joined by a verb or preposition, "the Arno flows through Florence".</summary>
/// <remarks>Gives a graph to texts of any domain; what the fact patterns know is read better there.</remarks>
internal static class StatementReader
{
    private const int MostWordsBetween = 6;
    private const Gap Breaks = Gap.Comma | Gap.Open | Gap.Close | Gap.Stop | Gap.Possessive | Gap.Sentence;

    /// <summary>At most <paramref name="limit"/> statements in reading order.</summary>
    public static IReadOnlyList<Fact> Read(TextSpans spans, Subject subject, int limit)
    {
        var facts = new List<Fact>();
        var head = ("", -1);
        for (var i = 0; i < spans.Words.Count && facts.Count < limit; i++)
        {
            if (spans.Words[i].SentenceStart)
            {
                head = ("", -1);
            }

            if (spans.NameEnd(i) is var end and > 0)
            {
                var name = subject.IsNamedBy(spans, i, end) && subject.Name.Length > 0 ? subject.Name : spans.Slice(i, end);
                if (head.Item2 >= 0 && Relation(spans, head.Item2, i) is { } relation && EntityName.Key(head.Item1) != EntityName.Key(name))
                {
                    facts.Add(new Fact(head.Item1, relation, name));
                }

                head = (name, end);
                i = end - 1;
            }
            else if (spans.Words[i].Folded is "he" or "she" or "it" or "they" && subject.Name.Length > 0)
            {
                head = (subject.Name, i + 1);
            }
        }

        return facts;
    }

    // The words between two names when they hold a verb or preposition and nothing that ends a clause.
    private static string? Relation(TextSpans spans, int start, int end)
    {
        if (start >= end || end - start > MostWordsBetween || (spans.Before(end) & Breaks) != 0)
        {
            return null;
        }

        for (var i = start; i < end; i++)
        {
            if ((spans.Before(i) & Breaks) != 0 || spans.Words[i].Folded is "and" or "or" or "but" or "who" or "which" or "that" or "while" or "as" or "than")
            {
                return null;
            }
        }

        var from = start;
        while (from < end && spans.Words[from].Folded is "is" or "was" or "were" or "are" or "has" or "had" or "have" or "been" or "also" or "then" or "later")
        {
            from++;
        }

        var to = end;
        while (to > from && spans.Words[to - 1].Folded is "the" or "a" or "an" or "his" or "her" or "its" or "their")
        {
            to--;
        }

        return Enumerable.Range(from, Math.Max(0, to - from)).Any(i => !FunctionWords.Contains(spans.Words[i].Folded)) ? spans.Text.Text[spans.Words[from].Start..spans.Words[to - 1].End] : null;
    }
}
