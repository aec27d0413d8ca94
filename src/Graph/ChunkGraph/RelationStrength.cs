using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>
/// How strongly the words around a mention state what the question still asks: for each question word that no name explains, the nearest
/// related word of the same sentence, discounted by its distance.
/// </summary>
internal sealed class RelationStrength
{
    private const int WordsBefore = 10;
    private const int WordsAfter = 8;
    private const double DecayWords = 4;
    private const double BehindMention = 1.3;
    private const double RelatedWeight = 0.9;
    private const double ScaffoldingWeight = 0.3;
    private static readonly double[] Near = [.. Enumerable.Range(0, WordsBefore + 1).Select(distance => Math.Exp(-distance / DecayWords))];
    private static readonly double[] NearBehind = [.. Enumerable.Range(0, WordsAfter + 1).Select(distance => Math.Exp(-distance * BehindMention / DecayWords))];

    private static readonly HashSet<string> Scaffolding = new(StringComparer.Ordinal)
    {
        "film", "films", "movie", "song", "album", "born", "died", "country", "earlier", "later", "first", "last", "older", "younger", "same", "year",
        "date", "place", "name", "person", "city", "named", "called", "many", "known", "time", "used",
    };

    private readonly int[] _slotOfRoot;
    private readonly List<List<(int Asked, double Weight)>> _slots = [[]];
    private readonly int _asked;

    /// <param name="residual">Folded words of the question that no accepted name explains.</param>
    public RelationStrength(IReadOnlyList<string> residual, CorpusNames names)
    {
        var vocabulary = names.Corpus.Vocabulary;
        var words = residual.Where(word => !FunctionWords.Contains(word)).Distinct(StringComparer.Ordinal).ToArray();
        var weights = Array.ConvertAll(words, word => names.Stems.IdfOfStem(vocabulary.FindStem(word)));
        var sum = weights.Sum();
        _asked = words.Length;
        _slotOfRoot = new int[vocabulary.RootCount];
        for (var i = 0; i < words.Length; i++)
        {
            var weight = weights[i] / sum * (Scaffolding.Contains(words[i]) ? ScaffoldingWeight : 1);
            Add(vocabulary.FindRoot(words[i]), i, weight);
            foreach (var related in RelatedWords.Of(words[i]))
            {
                Add(vocabulary.FindRoot(related), i, weight * RelatedWeight);
            }
        }
    }

    /// <summary>Strength in [0, 1] of the words around positions <paramref name="start"/> to <paramref name="end"/> (exclusive) of a text.</summary>
    public double Around(WordSequence text, int start, int end)
    {
        if (_asked == 0)
        {
            return 0;
        }

        Span<double> best = stackalloc double[_asked];
        for (var i = start - 1; i >= 0 && start - i <= WordsBefore && text.Sentences[i] == text.Sentences[start]; i--)
        {
            Raise(best, text.Roots[i], Near[start - i]);
        }

        for (var i = end; i < text.Length && i - end < WordsAfter && text.Sentences[i] == text.Sentences[start]; i++)
        {
            Raise(best, text.Roots[i], NearBehind[i - end + 1]);
        }

        var strength = 0.0;
        foreach (var value in best)
        {
            strength += value;
        }

        return strength;
    }

    // Every word near every mention comes by here: slot 0 is that of all roots nothing asks for.
    private void Raise(Span<double> best, int root, double nearness)
    {
        var slot = _slotOfRoot[root];
        if (slot == 0)
        {
            return;
        }

        foreach (var (asked, weight) in _slots[slot])
        {
            best[asked] = Math.Max(best[asked], weight * nearness);
        }
    }

    private void Add(int root, int asked, double weight)
    {
        if (root < 0)
        {
            return;
        }

        if (_slotOfRoot[root] == 0)
        {
            _slotOfRoot[root] = _slots.Count;
            _slots.Add([]);
        }

        _slots[_slotOfRoot[root]].Add((asked, weight));
    }
}
