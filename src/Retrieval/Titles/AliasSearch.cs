using System.Runtime.InteropServices;

namespace Agentic.Retrieval;

/// <summary>Aliases by the words they contain, for names written with words missing, added or moved.</summary>
internal sealed class AliasSearch
{
    /// <summary>A word of more aliases than this does not lead to any (others of the same name still may).</summary>
    private const int MostAliasesOfWord = 400;
    private readonly TitleIndex _titles;
    private readonly WordStatistics _statistics;
    private readonly Dictionary<int, List<int>> _aliasesOf = [];
    private readonly double[] _information;

    public AliasSearch(TitleIndex titles, WordStatistics statistics)
    {
        (_titles, _statistics) = (titles, statistics);
        _information = new double[titles.AliasCount];
        for (var alias = 0; alias < titles.AliasCount; alias++)
        {
            foreach (var word in titles.AliasWords(alias).Distinct())
            {
                _information[alias] += statistics.IdfOf(word);
                if (titles.Owners(alias).Length > 0)
                {
                    (_aliasesOf.TryGetValue(word, out var list) ? list : _aliasesOf[word] = []).Add(alias);
                }
            }
        }
    }

    /// <summary>Summed idf of an alias's distinct words.</summary>
    public double Information(int alias) => _information[alias];

    /// <summary>
    /// Aliases of whose information the given words carry at least the share asked for, in order of their numbers. Words of very many aliases
    /// lead to none, but count for those that others lead to.
    /// </summary>
    public List<int> Covered(ReadOnlySpan<int> words, double share)
    {
        var distinct = new HashSet<int>(words.Length);
        var shared = new Dictionary<int, double>();
        var common = 0.0;
        foreach (var word in words)
        {
            if (word < 0 || !distinct.Add(word) || !_aliasesOf.TryGetValue(word, out var list))
            {
                continue;
            }

            var idf = _statistics.IdfOf(word);
            if (list.Count > MostAliasesOfWord)
            {
                common += idf;
                continue;
            }

            foreach (var alias in list)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(shared, alias, out _) += idf;
            }
        }

        var covered = new List<int>();
        foreach (var (alias, information) in shared)
        {
            if (information + common >= share * _information[alias])
            {
                covered.Add(alias);
            }
        }

        covered.Sort();
        return covered;
    }

    /// <summary>Owners of the aliases most alike a name by idf-weighted Jaccard similarity of their word sets, two shared words at least.</summary>
    public IEnumerable<(AliasOwner Owner, double Similarity)> Similar(ReadOnlySpan<int> name, double atLeast, int aliases)
    {
        var words = new HashSet<int>(name.ToArray());
        var information = words.Sum(_statistics.IdfOf);
        var best = new List<(int Alias, double Similarity)>();
        foreach (var alias in Covered(name, atLeast))
        {
            var (shared, count) = (0.0, 0);
            foreach (var word in _titles.AliasWords(alias).Distinct())
            {
                if (words.Contains(word))
                {
                    shared += _statistics.IdfOf(word);
                    count++;
                }
            }

            var similarity = shared / (information + _information[alias] - shared);
            if (count >= 2 && similarity >= atLeast)
            {
                best.Add((alias, similarity));
            }
        }

        return best
            .OrderByDescending(match => match.Similarity).ThenBy(match => match.Alias)
            .Take(aliases)
            .SelectMany(match => _titles.Owners(match.Alias).Select(owner => (owner, match.Similarity)));
    }
}
