namespace Agentic.Retrieval;

/// <summary>Names by their character trigrams, for spellings that no exact look-up finds (Bayqara, Bayqarah).</summary>
internal sealed class SpellingIndex
{
    private const double ContainmentWeight = 0.8;

    /// <summary>Of a shorter name, being contained in another says too little.</summary>
    private const int FewestContained = 6;
    private readonly Dictionary<long, List<int>> _namesOf = [];
    private readonly List<(string Name, int Trigrams)> _names = [];

    /// <param name="names">Names as written; equal keys count once, the first wins.</param>
    public SpellingIndex(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var key = EntityName.Key(name);
            if (key.Length == 0 || !seen.Add(key))
            {
                continue;
            }

            var trigrams = Trigrams(key);
            foreach (var trigram in trigrams)
            {
                (_namesOf.TryGetValue(trigram, out var list) ? list : _namesOf[trigram] = []).Add(_names.Count);
            }

            _names.Add((name, trigrams.Count));
        }
    }

    /// <summary>Names alike <paramref name="name"/>: Jaccard similarity of trigram sets, or 0.8 of the shorter one's containment if that is more; best first, ties by ordinal name.</summary>
    public IReadOnlyList<(string Name, double Similarity)> Similar(string name, double atLeast)
    {
        var trigrams = Trigrams(EntityName.Key(name));
        var shared = new Dictionary<int, int>();
        foreach (var trigram in trigrams)
        {
            foreach (var number in _namesOf.GetValueOrDefault(trigram) ?? [])
            {
                shared[number] = shared.GetValueOrDefault(number) + 1;
            }
        }

        return
        [
            .. shared
                .Select(entry => (_names[entry.Key].Name, Similarity: Similarity(entry.Value, trigrams.Count, _names[entry.Key].Trigrams)))
                .Where(match => match.Similarity >= atLeast)
                .OrderByDescending(match => match.Similarity).ThenBy(match => match.Name, StringComparer.Ordinal),
        ];
    }

    private static double Similarity(int shared, int first, int second)
    {
        var jaccard = (double)shared / (first + second - shared);
        var shorter = Math.Min(first, second);
        return shorter < FewestContained ? jaccard : Math.Max(jaccard, ContainmentWeight * shared / shorter);
    }

    private static HashSet<long> Trigrams(string key)
    {
        var padded = $" {key} ";
        var trigrams = new HashSet<long>();
        for (var i = 0; i + 2 < padded.Length; i++)
        {
            trigrams.Add(((long)padded[i] << 32) | ((long)padded[i + 1] << 16) | padded[i + 2]);
        }

        return trigrams;
    }
}
