using System.Numerics.Tensors;

namespace Agentic.Retrieval;

/// <summary>
/// BM25 over the stems and over the pairs of neighbouring stems of the frozen chunks, with exact lengths and titles counted several times.
/// Beside the searchable index because it shares its word numbers with mentions and phrases and never reads a document again.
/// </summary>
internal sealed class StemIndex
{
    private const double K1 = 0.9;
    private const double B = 0.4;
    private const int TitleCount = 3;
    private readonly Postings _stems;
    private readonly Postings _pairs;
    private readonly Dictionary<long, int> _pairNumbers = [];
    private readonly Vocabulary _vocabulary;

    public StemIndex(AnalyzedCorpus corpus)
    {
        _vocabulary = corpus.Vocabulary;
        ChunkCount = corpus.Chunks.Count;
        var stems = new PostingsBuilder(ChunkCount);
        var pairs = new PostingsBuilder(ChunkCount);
        var content = new List<int>();
        for (var chunk = 0; chunk < ChunkCount; chunk++)
        {
            AddField(corpus.Titles[chunk].Words, chunk, TitleCount, content, stems, pairs);
            AddField(corpus.Texts[chunk].Words, chunk, 1, content, stems, pairs);
        }

        _stems = stems.Freeze();
        _pairs = pairs.Freeze();
    }

    public int ChunkCount { get; }

    /// <summary>Information of a stem; that of an unseen one when it is -1.</summary>
    public double IdfOfStem(int stem) => _stems.Idf(stem);

    /// <summary>BM25 of every chunk for the stems of the given words, and <paramref name="pairWeight"/> times that for their neighbouring pairs, divided by the largest; all 0 when no word is known.</summary>
    public double[] Normalized(IReadOnlyList<string> foldedWords, double pairWeight)
    {
        var scores = new double[ChunkCount];
        var previous = -1;
        foreach (var word in foldedWords)
        {
            if (FunctionWords.Contains(word))
            {
                continue;
            }

            var stem = _vocabulary.FindStem(word);
            _stems.Accumulate(stem, 1, scores);
            if (pairWeight > 0 && previous >= 0 && stem >= 0 && _pairNumbers.TryGetValue(Pair(previous, stem), out var pair))
            {
                _pairs.Accumulate(pair, pairWeight, scores);
            }

            previous = stem;
        }

        return DividedByLargest(scores);
    }

    /// <summary>The same for words alone, and <paramref name="relatedWeight"/> times that for the words related to them.</summary>
    public double[] NormalizedWithRelated(IReadOnlyList<string> foldedWords, double relatedWeight)
    {
        var scores = new double[ChunkCount];
        foreach (var word in foldedWords.Where(word => !FunctionWords.Contains(word)))
        {
            _stems.Accumulate(_vocabulary.FindStem(word), 1, scores);
            foreach (var related in RelatedWords.Of(word))
            {
                _stems.Accumulate(_vocabulary.FindStem(related), relatedWeight, scores);
            }
        }

        return DividedByLargest(scores);
    }

    private static double[] DividedByLargest(double[] scores)
    {
        var largest = scores.Length == 0 ? 0 : TensorPrimitives.Max<double>(scores);
        if (largest > 0)
        {
            TensorPrimitives.Divide(scores, largest, scores);
        }

        return scores;
    }

    private void AddField(int[] words, int chunk, int count, List<int> content, PostingsBuilder stems, PostingsBuilder pairs)
    {
        content.Clear();
        foreach (var word in words)
        {
            if (!_vocabulary.IsFunctionWord(word))
            {
                content.Add(_vocabulary.Stem(word));
            }
        }

        for (var i = 0; i < content.Count; i++)
        {
            stems.Add(content[i], chunk, count);
            if (i > 0)
            {
                var pair = Pair(content[i - 1], content[i]);
                if (!_pairNumbers.TryGetValue(pair, out var number))
                {
                    _pairNumbers.Add(pair, number = _pairNumbers.Count);
                }

                pairs.Add(number, chunk, count);
            }
        }
    }

    private static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    /// <summary>Collects (term, chunk, count); chunks arrive in rising order.</summary>
    private sealed class PostingsBuilder(int chunks)
    {
        private readonly List<List<(int Chunk, int Count)>> _lists = [];
        private readonly double[] _lengths = new double[chunks];

        public void Add(int term, int chunk, int count)
        {
            while (_lists.Count <= term)
            {
                _lists.Add([]);
            }

            var list = _lists[term];
            _lengths[chunk] += count;
            if (list.Count > 0 && list[^1].Chunk == chunk)
            {
                list[^1] = (chunk, list[^1].Count + count);
            }
            else
            {
                list.Add((chunk, count));
            }
        }

        public Postings Freeze()
        {
            var average = Math.Max(1, _lengths.Length == 0 ? 1 : _lengths.Average());
            var norms = Array.ConvertAll(_lengths, length => K1 * (1 - B + (B * length / average)));
            var lists = _lists.ConvertAll(list => list.ConvertAll(entry => (entry.Chunk, (float)(entry.Count / (entry.Count + norms[entry.Chunk])))).ToArray());
            return new Postings([.. lists], _lengths.Length);
        }
    }

    private sealed class Postings((int Chunk, float Saturation)[][] lists, int chunks)
    {
        public double Idf(int term)
        {
            var df = term < 0 || term >= lists.Length ? 0 : lists[term].Length;
            return Math.Log(1 + ((chunks - df + 0.5) / (df + 0.5)));
        }

        public void Accumulate(int term, double weight, double[] scores)
        {
            if (term < 0 || term >= lists.Length)
            {
                return;
            }

            weight *= Idf(term);
            foreach (var (chunk, saturation) in lists[term])
            {
                scores[chunk] += weight * saturation;
            }
        }
    }
}
