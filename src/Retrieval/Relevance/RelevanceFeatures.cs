namespace Agentic.Retrieval;

/// <summary>What is measured between a query and a text; all in [0, 1] but the bias and the length.</summary>
internal static class RelevanceFeatures
{
    /// <summary>Names of the features, in order; the weights of a model have the same order.</summary>
    public static readonly string[] Names =
    [
        "bias", "coverage", "name_coverage", "title_in_query", "name_in_title", "title_is_name", "lead_in_query", "lead_is_name",
        "rest_coverage", "best_sentence", "best_sentence_rest", "neighbours", "wanted_look", "title_exact", "log_length", "title_rest",
    ];

    public static int Count => Names.Length;

    public static void Measure(RelevanceQuery query, RelevanceText text, Span<double> into)
    {
        var content = query.Rarity.Length;
        Span<bool> title = content <= 256 ? stackalloc bool[content] : new bool[content];
        Span<bool> whole = content <= 256 ? stackalloc bool[content] : new bool[content];
        Span<bool> sentence = content <= 256 ? stackalloc bool[content] : new bool[content];
        title.Clear();
        whole.Clear();
        sentence.Clear();

        into[0] = 1;
        var titleInQuery = Explained(query, text.Title.AsSpan(0, text.TitleCore), title);
        foreach (var root in text.Title.AsSpan(text.TitleCore))
        {
            Mark(query, root, title);
        }

        var leadInQuery = LeadExplained(query, text, out var leadIsName);
        title.CopyTo(whole);
        var (best, bestRest, look) = BestSentence(query, text, title, whole, sentence);

        var nameInTitle = Covered(query, title, namesOnly: true);
        into[1] = Covered(query, whole, namesOnly: false);
        into[2] = Covered(query, whole, namesOnly: true);
        into[3] = titleInQuery;
        into[4] = nameInTitle;
        into[5] = titleInQuery * nameInTitle;
        into[6] = leadInQuery;
        into[7] = leadInQuery * leadIsName;
        into[8] = RestCovered(query, title, whole);
        into[9] = best;
        into[10] = bestRest;
        into[11] = Neighbours(query, text);
        into[12] = look ? 1 : 0;
        into[13] = titleInQuery > 0.999 ? 1 : 0;
        into[14] = Math.Log(1 + text.Body.Length) / 5;
        into[15] = titleInQuery * bestRest;
    }

    private static void Mark(RelevanceQuery query, int root, Span<bool> marks)
    {
        var slot = query.SlotOf(root);
        if (slot >= 0)
        {
            marks[slot] = true;
        }
    }

    /// <summary>Share of the words of a name, by rarity, that the query has; marks those.</summary>
    private static double Explained(RelevanceQuery query, ReadOnlySpan<int> name, Span<bool> marks)
    {
        var (matched, total) = (0, 0);
        foreach (var root in name)
        {
            total++;
            var slot = query.SlotOf(root);
            if (slot >= 0)
            {
                marks[slot] = true;
                matched++;
            }
        }

        return total == 0 ? 0 : (double)matched / total;
    }

    private static double LeadExplained(RelevanceQuery query, RelevanceText text, out double isName)
    {
        var content = query.Rarity.Length;
        Span<bool> lead = content <= 256 ? stackalloc bool[content] : new bool[content];
        lead.Clear();
        var explained = Explained(query, text.Body.AsSpan(0, text.Lead), lead);
        isName = Covered(query, lead, namesOnly: true);
        return explained;
    }

    private static double Covered(RelevanceQuery query, ReadOnlySpan<bool> marks, bool namesOnly)
    {
        var (covered, total) = (0.0, 0.0);
        for (var slot = 0; slot < marks.Length; slot++)
        {
            if (namesOnly && !query.IsName[slot])
            {
                continue;
            }

            total += query.Rarity[slot];
            covered += marks[slot] ? query.Rarity[slot] : 0;
        }

        return total > 0 ? covered / total : namesOnly ? Covered(query, marks, namesOnly: false) : 0;
    }

    private static double RestCovered(RelevanceQuery query, ReadOnlySpan<bool> title, ReadOnlySpan<bool> marks)
    {
        var (covered, total) = (0.0, 0.0);
        for (var slot = 0; slot < marks.Length; slot++)
        {
            if (!title[slot] && !query.IsName[slot])
            {
                total += query.Rarity[slot];
                covered += marks[slot] ? query.Rarity[slot] : 0;
            }
        }

        return total > 0 ? covered / total : 1;
    }

    private static (double Best, double BestRest, bool Look) BestSentence(
        RelevanceQuery query, RelevanceText text, ReadOnlySpan<bool> title, Span<bool> whole, Span<bool> sentence)
    {
        var (best, bestRest, bestLook) = (0.0, 0.0, false);
        for (var from = 0; from < text.Body.Length;)
        {
            title.CopyTo(sentence);
            var (to, look) = (from, false);
            for (; to < text.Body.Length && text.Sentences[to] == text.Sentences[from]; to++)
            {
                var slot = query.SlotOf(text.Body[to]);
                if (slot >= 0)
                {
                    sentence[slot] = true;
                    whole[slot] = true;
                }
                else
                {
                    look |= text.Looks[to] == query.Wanted;
                }
            }

            var covered = Covered(query, sentence, namesOnly: false);
            if (covered > best || (covered == best && look))
            {
                (best, bestLook) = (covered, look);
            }

            bestRest = Math.Max(bestRest, RestCovered(query, title, sentence));
            from = to;
        }

        return (best, bestRest, bestLook);
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
}
