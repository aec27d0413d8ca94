namespace Agentic.Retrieval;

/// <summary>What is measured between a query and a text; everything but the bias and the length is in [0, 1].</summary>
internal static class RelevanceFeatures
{
    /// <summary>Names of the features, in order; the weights of a model have the same order.</summary>
    public static readonly string[] Names =
    [
        "bias", "coverage", "name_coverage", "title_in_query", "name_in_title", "lead_in_query", "lead_is_name", "best_sentence",
        "neighbours", "wanted_look", "title_exact", "log_length", "rest_coverage", "asked_relation", "asked_kind", "other_kind", "precision",
    ];

    private const int MostOnStack = 128;

    public static int Count => Names.Length;

    /// <summary>Writes the features of one text.</summary>
    public static void Measure(RelevanceQuery query, RelevanceText text, Span<double> into)
    {
        var content = query.Rarity.Length;
        Span<double> title = content <= MostOnStack ? stackalloc double[content] : new double[content];
        Span<double> whole = content <= MostOnStack ? stackalloc double[content] : new double[content];
        title.Clear();
        var titleInQuery = Explained(query, text.Title.AsSpan(0, text.TitleCore), title);
        Explained(query, text.Title.AsSpan(text.TitleCore), title);
        title.CopyTo(whole);
        var (best, look, matched) = BestSentence(query, text, title, whole);
        var (leadInQuery, leadIsName) = Lead(query, text);

        into[0] = 1;
        into[1] = Covered(query, whole, Words.All);
        into[2] = Covered(query, whole, Words.Names);
        into[3] = titleInQuery;
        into[4] = Covered(query, title, Words.Names);
        into[5] = leadInQuery;
        into[6] = leadInQuery * leadIsName;
        into[7] = best;
        into[8] = Neighbours(query, text);
        into[9] = look ? 1 : 0;
        into[10] = titleInQuery > 0.999 ? 1 : 0;
        into[11] = Math.Log(1 + text.Body.Length) / 5;
        into[12] = Covered(query, whole, Words.Rest);
        (into[13], into[14], into[15]) = Relations(query, text);
        into[16] = text.Body.Length == 0 ? 0 : (double)matched / text.Body.Length;
    }

    private enum Words
    {
        All,
        Names,
        Rest,
    }

    /// <summary>Share of the words that the query has; marks those in the query.</summary>
    private static double Explained(RelevanceQuery query, ReadOnlySpan<int> words, Span<double> marks)
    {
        var matched = 0;
        foreach (var root in words)
        {
            var (slot, strength) = query.SlotOf(root);
            if (slot >= 0)
            {
                marks[slot] = Math.Max(marks[slot], strength);
                matched += strength == 1 ? 1 : 0;
            }
        }

        return words.Length == 0 ? 0 : (double)matched / words.Length;
    }

    private static (double InQuery, double IsName) Lead(RelevanceQuery query, RelevanceText text)
    {
        var content = query.Rarity.Length;
        Span<double> marks = content <= MostOnStack ? stackalloc double[content] : new double[content];
        marks.Clear();
        var inQuery = Explained(query, text.Body.AsSpan(0, text.Lead), marks);
        return (inQuery, Covered(query, marks, Words.Names));
    }

    /// <summary>Marked rarity over all rarity of some of the query's words; a query without names is all name, one that is all name has no rest to miss.</summary>
    private static double Covered(RelevanceQuery query, ReadOnlySpan<double> marks, Words words)
    {
        var (covered, total) = (0.0, 0.0);
        for (var slot = 0; slot < marks.Length; slot++)
        {
            if (words == Words.All || query.IsName[slot] == (words == Words.Names))
            {
                total += query.Rarity[slot];
                covered += marks[slot] * query.Rarity[slot];
            }
        }

        return total > 0 ? covered / total : words == Words.Names ? Covered(query, marks, Words.All) : words == Words.Rest ? 1 : 0;
    }

    /// <summary>The sentence that covers most together with the title, and whether it has a word beside the query's that looks like an answer.</summary>
    private static (double Covered, bool Look, int Matched) BestSentence(RelevanceQuery query, RelevanceText text, ReadOnlySpan<double> title, Span<double> whole)
    {
        var content = query.Rarity.Length;
        Span<double> sentence = content <= MostOnStack ? stackalloc double[content] : new double[content];
        var (best, bestLook, matched) = (0.0, false, 0);
        for (var from = 0; from < text.Body.Length;)
        {
            title.CopyTo(sentence);
            var (to, look) = (from, false);
            for (; to < text.Body.Length && text.Sentences[to] == text.Sentences[from]; to++)
            {
                var (slot, strength) = query.SlotOf(text.Body[to]);
                if (slot >= 0)
                {
                    sentence[slot] = Math.Max(sentence[slot], strength);
                    whole[slot] = Math.Max(whole[slot], strength);
                    matched++;
                }

                look |= strength < 1 && text.Looks[to] == query.Wanted;
            }

            var covered = Covered(query, sentence, Words.All);
            if (covered > best || (covered == best && look))
            {
                (best, bestLook) = (covered, look);
            }

            from = to;
        }

        return (best, bestLook, matched);
    }

    private static double Neighbours(RelevanceQuery query, RelevanceText text)
    {
        if (query.NeighbourCount == 0)
        {
            return 0;
        }

        var found = new HashSet<long>();
        Collect(query, text.Title, found);
        Collect(query, text.Body, found);
        return (double)found.Count / query.NeighbourCount;
    }

    private static void Collect(RelevanceQuery query, ReadOnlySpan<int> roots, HashSet<long> found)
    {
        for (var i = 1; i < roots.Length; i++)
        {
            if (query.AreNeighbours(roots[i - 1], roots[i]))
            {
                found.Add(((long)roots[i - 1] << 32) | (uint)roots[i]);
            }
        }
    }

    /// <summary>1 for the first that holds: a relation asked for is stated; one with the same kind of value is; only others are.</summary>
    private static (double Asked, double Kind, double Other) Relations(RelevanceQuery query, RelevanceText text)
    {
        if (query.Relations.Count == 0 || text.Relations.Count == 0)
        {
            return (0, 0, 0);
        }

        var kind = false;
        foreach (var stated in text.Relations)
        {
            foreach (var asked in query.Relations)
            {
                if (ReferenceEquals(stated, asked))
                {
                    return (1, 0, 0);
                }

                kind |= stated.Kind == asked.Kind;
            }
        }

        return kind ? (0, 1, 0) : (0, 0, 1);
    }
}
