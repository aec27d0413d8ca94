using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Agentic.Retrieval;

/// <summary>The postings of one field over the live chunks, frozen into arrays; chunks are numbered by their place in <see cref="ChunkIndex.Chunks"/>.</summary>
/// <remarks>
/// Everything is counted over live chunks only: a deleted document leaves no trace in any statistic, and the segments in which Lucene
/// happens to keep the chunks do not show. Safe for concurrent use.
/// </remarks>
internal sealed class LexicalField
{
    private readonly Dictionary<string, int> _numbers;
    private readonly int[] _offsets;
    private readonly int[] _chunks;
    private readonly int[] _frequencies;

    private LexicalField(Dictionary<string, int> numbers, int[] offsets, int[] chunks, int[] frequencies, int[] lengths)
    {
        (_numbers, _offsets, _chunks, _frequencies, Lengths) = (numbers, offsets, chunks, frequencies, lengths);
        AverageLength = lengths.Length == 0 ? 0 : lengths.Sum(length => (long)length) / (double)lengths.Length;
    }

    /// <summary>Number of terms of each chunk, repetitions included.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Mean of <see cref="Lengths"/>; 0 without chunks.</summary>
    public double AverageLength { get; }

    /// <summary>Chunks that hold <paramref name="term"/>, ascending, and how often; empty for an unknown term.</summary>
    public (ReadOnlyMemory<int> Chunks, ReadOnlyMemory<int> Frequencies) Postings(string term)
    {
        if (!_numbers.TryGetValue(term, out var number))
        {
            return default;
        }

        var (from, count) = (_offsets[number], _offsets[number + 1] - _offsets[number]);
        return (_chunks.AsMemory(from, count), _frequencies.AsMemory(from, count));
    }

    /// <summary>Number of chunks that hold <paramref name="term"/>.</summary>
    public int DocumentFrequency(string term) => _numbers.TryGetValue(term, out var number) ? _offsets[number + 1] - _offsets[number] : 0;

    /// <summary>Rarity ln(1 + (N - df + 0.5) / (df + 0.5)), always above 0.</summary>
    public double InverseDocumentFrequency(string term)
    {
        double frequency = DocumentFrequency(term);
        return Math.Log(1 + ((Lengths.Count - frequency + 0.5) / (frequency + 0.5)));
    }

    /// <summary>Freezes a field of a reader.</summary>
    /// <param name="chunkOf">Number of the chunk of each Lucene document, or -1 for a deleted one.</param>
    public static LexicalField Freeze(IndexReader reader, string field, int[] chunkOf, int chunkCount) =>
        Freeze(chunkCount, visit => Visit(reader, field, chunkOf, visit));

    /// <summary>The titles alone as a field; short enough to be analysed when asked for.</summary>
    public static LexicalField OfTitles(Analyzer analyzer, IReadOnlyList<IndexedChunk> chunks)
    {
        var (analysis, terms) = (new TermAnalysis(analyzer), new List<string>());
        return Freeze(chunks.Count, visit =>
        {
            for (var chunk = 0; chunk < chunks.Count; chunk++)
            {
                terms.Clear();
                analysis.Append(chunks[chunk].Chunk.Title, terms);
                foreach (var (term, frequency) in terms.CountBy(term => term, StringComparer.Ordinal))
                {
                    visit(term, chunk, frequency);
                }
            }
        });
    }

    /// <summary>Counts on a first visit of all (term, chunk, frequency), fills on a second.</summary>
    private static LexicalField Freeze(int chunkCount, Action<Action<string, int, int>> visitAll)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var counts = new List<int>();
        var (last, number) = ((string?)null, -1);

        // A term comes with all its postings of a segment at once.
        int NumberOf(string term)
        {
            if (!ReferenceEquals(term, last))
            {
                last = term;
                if (!numbers.TryGetValue(term, out number))
                {
                    numbers.Add(term, number = counts.Count);
                    counts.Add(0);
                }
            }

            return number;
        }

        visitAll((term, _, _) => counts[NumberOf(term)]++);

        var offsets = new int[counts.Count + 1];
        for (var i = 0; i < counts.Count; i++)
        {
            offsets[i + 1] = offsets[i] + counts[i];
        }

        var next = offsets.AsSpan(0, counts.Count).ToArray();
        var (chunks, frequencies, lengths) = (new int[offsets[^1]], new int[offsets[^1]], new int[chunkCount]);
        visitAll((term, chunk, frequency) =>
        {
            var at = next[NumberOf(term)]++;
            (chunks[at], frequencies[at]) = (chunk, frequency);
            lengths[chunk] += frequency;
        });

        for (var i = 0; i < counts.Count; i++)
        {
            Array.Sort(chunks, frequencies, offsets[i], counts[i]);
        }

        return new LexicalField(numbers, offsets, chunks, frequencies, lengths);
    }

    private static void Visit(IndexReader reader, string field, int[] chunkOf, Action<string, int, int> visit)
    {
        foreach (var leaf in reader.Leaves)
        {
            if (leaf.AtomicReader.GetTerms(field) is not { } terms)
            {
                continue;
            }

            var enumerator = terms.GetEnumerator();
            DocsEnum? documents = null;
            while (enumerator.MoveNext())
            {
                var term = enumerator.Term.Utf8ToString();
                documents = enumerator.Docs(null, documents, DocsFlags.FREQS);
                while (documents.NextDoc() != DocIdSetIterator.NO_MORE_DOCS)
                {
                    if (chunkOf[leaf.DocBase + documents.DocID] is >= 0 and var chunk)
                    {
                        visit(term, chunk, documents.Freq);
                    }
                }
            }
        }
    }
}
