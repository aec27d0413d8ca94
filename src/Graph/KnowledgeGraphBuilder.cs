using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>Collects facts chunk by chunk and merges equal ones; what it builds does not depend on the order of the calls.</summary>
internal sealed class KnowledgeGraphBuilder
{
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, int>> _spellings = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Head, string Relation, string Tail), MergedFact> _facts = [];

    /// <summary>Adds one fact of one chunk.</summary>
    public void Add(Fact fact, string chunkId)
    {
        var head = Key(fact.Head);
        var tail = Key(fact.Tail);
        if (head.Length == 0 || tail.Length == 0)
        {
            return;
        }

        Count(_spellings, head, fact.Head);
        Count(_spellings, tail, fact.Tail);
        var id = (head, Key(fact.Relation), tail);
        if (!_facts.TryGetValue(id, out var merged))
        {
            _facts.Add(id, merged = new MergedFact());
        }

        merged.Support.Add(chunkId);
        merged.Spellings[fact] = merged.Spellings.GetValueOrDefault(fact) + 1;
    }

    /// <summary>The graph of everything added so far.</summary>
    public KnowledgeGraph Build()
    {
        var keys = _spellings.Keys.Order(StringComparer.Ordinal).ToArray();
        var numbers = keys.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var facts = _facts.OrderBy(pair => pair.Key.Head, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Relation, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Tail, StringComparer.Ordinal)
            .ToArray();

        var triplets = new Triplet[facts.Length];
        var ends = new (int Head, int Tail)[facts.Length];
        var incident = keys.Select(_ => new List<int>(2)).ToArray();
        for (var number = 0; number < facts.Length; number++)
        {
            var (id, merged) = facts[number];
            triplets[number] = merged.ToTriplet();
            var (head, tail) = ends[number] = (numbers[id.Head], numbers[id.Tail]);
            incident[head].Add(number);
            if (head != tail)
            {
                incident[tail].Add(number);
            }
        }

        var entities = keys.Select((key, number) => new GraphEntity(number, MostFrequent(_spellings[key]), key, incident[number], Support(incident[number], triplets)));
        return new KnowledgeGraph([.. entities], triplets, ends);
    }

    private static IReadOnlyList<string> Support(List<int> incident, Triplet[] triplets) => incident.Count == 1
        ? triplets[incident[0]].SupportingChunkIds
        : [.. incident.SelectMany(number => triplets[number].SupportingChunkIds).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static void Count(Dictionary<string, Dictionary<string, int>> spellings, string key, string name)
    {
        if (!spellings.TryGetValue(key, out var counts))
        {
            spellings.Add(key, counts = new Dictionary<string, int>(StringComparer.Ordinal));
        }

        counts[name] = counts.GetValueOrDefault(name) + 1;
    }

    private static string MostFrequent(Dictionary<string, int> counts) =>
        counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;

    private string Key(string name)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            _keys.Add(name, key = EntityName.Key(name));
        }

        return key;
    }

    private sealed class MergedFact
    {
        public SortedSet<string> Support { get; } = new(StringComparer.Ordinal);

        public Dictionary<Fact, int> Spellings { get; } = [];

        public Triplet ToTriplet()
        {
            var (head, relation, tail) = Spellings.OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key.Head, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Relation, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Tail, StringComparer.Ordinal)
                .First().Key;
            return new Triplet(head, relation, tail, [.. Support]);
        }
    }
}
