using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Lucene.Net.Util;

namespace Agentic.Retrieval;

/// <summary>Which length of a chunk BM25 knows.</summary>
public enum LengthNorm
{
    /// <summary>The true number of terms.</summary>
    Exact,

    /// <summary>The number of terms as Lucene's stock similarity stores it: one byte with three bits of mantissa.</summary>
    Stock,
}

/// <summary>BM25 over title and text, chosen at query time.</summary>
public sealed record Bm25RetrieverOptions : RetrieverOptions
{
    /// <summary>How text becomes terms.</summary>
    public Analyzer Analyzer { get; init; } = Analyzer.English;

    /// <summary>Saturation of term frequency; 0 counts presence only.</summary>
    [Range(0.0, 1000.0)] public double K1 { get; init; } = 0.9;

    /// <summary>Strength of length normalisation.</summary>
    [Range(0.0, 1.0)] public double B { get; init; } = 0.4;

    /// <summary>Exact lengths, or those of Lucene's stock similarity for comparison with other systems.</summary>
    public LengthNorm Similarity { get; init; } = LengthNorm.Exact;

    /// <summary>Weight of a second BM25 score over the title alone; 0 turns it off.</summary>
    [Range(0.0, 100.0)] public double TitleBoost { get; init; }

    /// <inheritdoc/>
    public override IRetriever Build(ChunkIndex index) => new Bm25Retriever(OptionsGuard.Checked(this), index);
}

/// <summary>
/// The sum over the query's terms of idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average length)), idf = ln(1 + (N - df + 0.5) / (df + 0.5)).
/// </summary>
/// <remarks>Scores are double sums in ordinal order of terms: they do not depend on the order of indexing, of query words or of threads.</remarks>
internal sealed class Bm25Retriever(Bm25RetrieverOptions options, ChunkIndex index) : IRetriever
{
    private readonly Lazy<IReadOnlyList<WeightedField>> _fields = new(() => Fields(options, index));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ScoredChunk>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        cancellationToken.ThrowIfCancellationRequested();
        var count = index.Chunks.Count;
        var scores = ArrayPool<double>.Shared.Rent(count);
        try
        {
            Score(query, scores.AsSpan(0, count));
            return ValueTask.FromResult(Best(scores.AsSpan(0, count), limit));
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    /// <summary>Writes the score of every chunk, by its place in the index; 0 where no term matches.</summary>
    public void Score(string query, Span<double> scores)
    {
        scores.Clear();
        var terms = TermAnalysis.Terms(options.Analyzer, query);
        terms.Sort(StringComparer.Ordinal);
        for (var i = 0; i < terms.Count;)
        {
            var repeated = 1;
            while (i + repeated < terms.Count && terms[i + repeated] == terms[i])
            {
                repeated++;
            }

            foreach (var field in _fields.Value)
            {
                field.Add(terms[i], repeated, scores);
            }

            i += repeated;
        }
    }

    private static IReadOnlyList<WeightedField> Fields(Bm25RetrieverOptions options, ChunkIndex index)
    {
        var text = new WeightedField(index.Field(options.Analyzer), options, 1);
        return options.TitleBoost > 0 ? [text, new WeightedField(index.Field(options.Analyzer, titleOnly: true), options, options.TitleBoost)] : [text];
    }

    /// <summary>The best by score, ties by number, which is ordinal order of ids.</summary>
    private IReadOnlyList<ScoredChunk> Best(ReadOnlySpan<double> scores, int limit)
    {
        var heap = new PriorityQueue<int, (double Score, int Number)>(Comparer<(double Score, int Number)>.Create(
            static (left, right) => left.Score != right.Score ? left.Score.CompareTo(right.Score) : right.Number.CompareTo(left.Number)));
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] <= 0)
            {
                continue;
            }

            if (heap.Count < limit)
            {
                heap.Enqueue(i, (scores[i], i));
            }
            else if (scores[i] > scores[heap.Peek()])
            {
                heap.DequeueEnqueue(i, (scores[i], i));
            }
        }

        var best = new ScoredChunk[heap.Count];
        for (var rank = best.Length - 1; rank >= 0; rank--)
        {
            var number = heap.Dequeue();
            best[rank] = new ScoredChunk(index.Chunks[number].Chunk, scores[number]);
        }

        return best;
    }

    private sealed class WeightedField
    {
        private readonly LexicalField _field;
        private readonly double _factor;
        private readonly double[] _norms;

        public WeightedField(LexicalField field, Bm25RetrieverOptions options, double weight)
        {
            (_field, _factor) = (field, weight * (options.K1 + 1));
            _norms = new double[field.Lengths.Count];
            for (var i = 0; i < _norms.Length; i++)
            {
                var length = options.Similarity == LengthNorm.Exact ? field.Lengths[i] : Stored(field.Lengths[i]);
                var relative = field.AverageLength > 0 ? length / field.AverageLength : 0;
                _norms[i] = options.K1 * (1 - options.B + (options.B * relative));
            }
        }

        public void Add(string term, int repeated, Span<double> scores)
        {
            var (chunks, frequencies) = _field.Postings(term);
            var weight = repeated * _factor * _field.InverseDocumentFrequency(term);
            var frequency = frequencies.Span;
            var at = 0;
            foreach (var chunk in chunks.Span)
            {
                double count = frequency[at++];
                scores[chunk] += weight * count / (count + _norms[chunk]);
            }
        }

        /// <summary>The length that Lucene's stock similarity reads back: 1 / sqrt(length) in a byte.</summary>
        private static double Stored(int length)
        {
            var norm = SmallSingle.Byte315ToSingle(SmallSingle.SingleToByte315((float)(1 / Math.Sqrt(length))));
            return 1.0 / (norm * norm);
        }
    }
}
