using Agentic.Retrieval;

namespace Agentic.Benchmarks;

internal sealed class PlainBm25
{
    private readonly IReadOnlyList<IndexedChunk> chunks;
    private readonly Dictionary<string, List<(int, int)>> postings = new(StringComparer.Ordinal);
    private readonly int[] lengths;
    private readonly double average;

    public PlainBm25(IReadOnlyList<IndexedChunk> chunks)
    {
        this.chunks = chunks;
        lengths = new int[chunks.Count];
        for (var i = 0; i < chunks.Count; i++)
        {
            var words = Words(chunks[i].Chunk.Title + " " + chunks[i].Chunk.Text).ToArray();
            lengths[i] = words.Length;
            foreach (var g in words.GroupBy(w => w))
            {
                if (!postings.TryGetValue(g.Key, out var list))
                {
                    postings[g.Key] = list = [];
                }

                list.Add((i, g.Count()));
            }
        }

        average = lengths.Average();
    }

    public IEnumerable<Chunk> Search(string query, int limit)
    {
        var scores = new Dictionary<int, double>();
        foreach (var w in Words(query))
        {
            if (!postings.TryGetValue(w, out var list))
            {
                continue;
            }

            var idf = Math.Log(1 + ((chunks.Count - list.Count + .5) / (list.Count + .5)));
            foreach (var (d, tf) in list)
            {
                scores[d] = scores.GetValueOrDefault(d) + (idf * tf * 1.9 / (tf + (.9 * (.6 + (.4 * lengths[d] / average)))));
            }
        }

        return scores.OrderByDescending(p => p.Value).ThenBy(p => p.Key).Take(limit).Select(p => chunks[p.Key].Chunk);
    }

    private static IEnumerable<string> Words(string t) => EnglishText.Analyze(t).Words.Where(w => !FunctionWords.Contains(w.Folded)).Select(w => w.Stem);
}
