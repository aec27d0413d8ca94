namespace Agentic.Retrieval;

/// <summary>A query as relevance sees it: its content words with their rarity, which of them name something, which relations they ask for, and how an answer looks.</summary>
internal sealed class RelevanceQuery
{
    private const double RelatedStrength = 0.7;

    private readonly Dictionary<int, (int Slot, double Strength)> _slots = [];
    private readonly HashSet<long> _neighbours = [];

    private RelevanceQuery(double[] rarity, bool[] isName, IReadOnlyList<Relation> relations, WordLook wanted)
    {
        Rarity = rarity;
        IsName = isName;
        Relations = relations;
        Wanted = wanted;
    }

    /// <summary>Rarity of each content word.</summary>
    public double[] Rarity { get; }

    /// <summary>True for the content words that belong to a name; all false when the query has no capitals.</summary>
    public bool[] IsName { get; }

    /// <summary>Relations of the lexicon that are asked for.</summary>
    public IReadOnlyList<Relation> Relations { get; }

    /// <summary>The look an answer has, or <see cref="WordLook.Plain"/> when the query does not tell.</summary>
    public WordLook Wanted { get; }

    /// <summary>Pairs of neighbouring words of the query.</summary>
    public int NeighbourCount => _neighbours.Count;

    /// <summary>Reads a query by the statistics of the live chunks.</summary>
    public static RelevanceQuery Of(string text, RootStatistics statistics)
    {
        var words = EnglishText.Analyze(text).Words;
        var names = NameWords(words);
        var ids = words.Select(word => statistics.RootOf(word.Folded)).ToArray();
        var slots = new Dictionary<int, int>();
        var (rarity, isName) = (new List<double>(), new List<bool>());
        for (var i = 0; i < words.Count; i++)
        {
            if (FunctionWords.Contains(words[i].Folded))
            {
                continue;
            }

            if (slots.TryAdd(ids[i], rarity.Count))
            {
                rarity.Add(statistics.RarityOf(ids[i]));
                isName.Add(names[i]);
            }
            else
            {
                isName[slots[ids[i]]] |= names[i];
            }
        }

        var asked = AskedRelations.In(words, names);
        var query = new RelevanceQuery([.. rarity], [.. isName], asked, WantedLook(words, asked));
        query.Map(words, names, ids, slots, statistics);
        return query;
    }

    /// <summary>The content word that a root means and how surely, or -1.</summary>
    public (int Slot, double Strength) SlotOf(int root) => _slots.GetValueOrDefault(root, (-1, 0));

    public bool AreNeighbours(int left, int right) => _neighbours.Contains(PairKey(left, right));

    private void Map(IReadOnlyList<Word> words, bool[] names, int[] ids, Dictionary<int, int> slots, RootStatistics statistics)
    {
        foreach (var (root, slot) in slots)
        {
            _slots.Add(root, (slot, 1));
        }

        for (var i = 0; i < words.Count; i++)
        {
            if (i > 0 && !(FunctionWords.Contains(words[i - 1].Folded) && FunctionWords.Contains(words[i].Folded)))
            {
                _neighbours.Add(PairKey(ids[i - 1], ids[i]));
            }

            if (!names[i] && slots.TryGetValue(ids[i], out var slot))
            {
                foreach (var related in RelatedWords.Of(words[i].Folded))
                {
                    _slots.TryAdd(statistics.RootOf(related), (slot, RelatedStrength));
                }
            }
        }
    }

    private static long PairKey(int left, int right) => ((long)left << 32) | (uint)right;

    private static bool[] NameWords(IReadOnlyList<Word> words)
    {
        const int LongestGap = 3;
        var names = new bool[words.Count];
        var last = -LongestGap - 1;
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].Capitalized || FunctionWords.Contains(words[i].Folded))
            {
                continue;
            }

            names[i] = true;
            for (var between = last + 1; between < i && i - last <= LongestGap; between++)
            {
                names[between] = true;
            }

            last = i;
        }

        return names;
    }

    private static WordLook WantedLook(IReadOnlyList<Word> words, IReadOnlyList<Relation> asked)
    {
        foreach (var relation in asked)
        {
            switch (relation.Kind)
            {
                case ValueKind.Date:
                    return WordLook.Time;
                case ValueKind.Number:
                    return WordLook.Number;
                case not ValueKind.Text:
                    return WordLook.Name;
            }
        }

        foreach (var word in words)
        {
            switch (word.Folded)
            {
                case "when" or "date" or "year":
                    return WordLook.Time;
                case "many" or "much" or "number":
                    return WordLook.Number;
                case "who" or "whom" or "where" or "whose":
                    return WordLook.Name;
            }
        }

        return WordLook.Plain;
    }
}
