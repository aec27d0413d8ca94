namespace Agentic.Retrieval;

/// <summary>A query as relevance sees it: its content words with their rarity, which of them name something, and what kind of answer is wanted.</summary>
internal sealed class RelevanceQuery
{
    private readonly Dictionary<int, int> _slots = [];
    private readonly HashSet<long> _neighbours = [];

    private RelevanceQuery(double[] rarity, bool[] isName, WordLook wanted)
    {
        Rarity = rarity;
        IsName = isName;
        Wanted = wanted;
    }

    /// <summary>Rarity of each content word.</summary>
    public double[] Rarity { get; }

    /// <summary>True for the content words that belong to a name; all false when the query has no capitals.</summary>
    public bool[] IsName { get; }

    /// <summary>The look an answer has, or <see cref="WordLook.Plain"/> when the query does not tell.</summary>
    public WordLook Wanted { get; }

    /// <summary>Pairs of neighbouring words of the query.</summary>
    public int NeighbourCount => _neighbours.Count;

    /// <summary>Reads a query by the statistics of the live chunks.</summary>
    public static RelevanceQuery Of(string text, RootStatistics statistics)
    {
        var words = EnglishText.Analyze(text).Words;
        var names = NameWords(words);
        var roots = words.Select(word => WordRoot.Of(word.Folded)).ToArray();
        var ids = words.Select(word => statistics.Vocabulary.FindRoot(word.Folded)).ToArray();
        var slots = new Dictionary<string, int>(StringComparer.Ordinal);
        var (rarity, isName) = (new List<double>(), new List<bool>());
        for (var i = 0; i < words.Count; i++)
        {
            if (FunctionWords.Contains(words[i].Folded))
            {
                continue;
            }

            if (slots.TryAdd(roots[i], rarity.Count))
            {
                rarity.Add(statistics.RarityOf(ids[i]));
                isName.Add(names[i]);
            }
            else
            {
                isName[slots[roots[i]]] |= names[i];
            }
        }

        var query = new RelevanceQuery([.. rarity], [.. isName], WantedLook(words));
        for (var i = 0; i < words.Count; i++)
        {
            if (ids[i] >= 0 && slots.TryGetValue(roots[i], out var slot))
            {
                query._slots[ids[i]] = slot;
            }

            if (i > 0 && ids[i - 1] >= 0 && ids[i] >= 0 && !(FunctionWords.Contains(words[i - 1].Folded) && FunctionWords.Contains(words[i].Folded)))
            {
                query._neighbours.Add(PairKey(ids[i - 1], ids[i]));
            }
        }

        return query;
    }

    /// <summary>The content word a root is, or -1.</summary>
    public int SlotOf(int root) => _slots.GetValueOrDefault(root, -1);

    public bool AreNeighbours(int left, int right) => left >= 0 && _neighbours.Contains(PairKey(left, right));

    private static long PairKey(int left, int right) => ((long)left << 32) | (uint)right;

    private static bool[] NameWords(IReadOnlyList<Word> words)
    {
        var names = new bool[words.Count];
        var last = -10;
        for (var i = 0; i < words.Count; i++)
        {
            var isFunction = FunctionWords.Contains(words[i].Folded);
            if (!words[i].Capitalized || isFunction)
            {
                continue;
            }

            names[i] = true;
            for (var between = last + 1; between < i && i - last <= 3; between++)
            {
                names[between] = true;
            }

            last = i;
        }

        return names;
    }

    private static WordLook WantedLook(IReadOnlyList<Word> words)
    {
        foreach (var word in words)
        {
            switch (word.Folded)
            {
                case "when" or "date" or "year":
                    return WordLook.Time;
                case "many" or "much" or "number" or "population":
                    return WordLook.Number;
                case "who" or "whom" or "where" or "whose":
                    return WordLook.Name;
            }
        }

        return WordLook.Plain;
    }
}
