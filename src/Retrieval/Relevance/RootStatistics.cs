namespace Agentic.Retrieval;

/// <summary>How rare each word root is in the live chunks.</summary>
internal sealed class RootStatistics
{
    private readonly double[] _rarity;

    public RootStatistics(AnalyzedCorpus corpus)
    {
        Vocabulary = corpus.Vocabulary;
        var chunksWith = new int[Vocabulary.RootCount];
        var lastChunk = new int[Vocabulary.RootCount];
        for (var chunk = 0; chunk < corpus.Chunks.Count; chunk++)
        {
            foreach (var root in corpus.Titles[chunk].Roots.Concat(corpus.Texts[chunk].Roots))
            {
                if (lastChunk[root] != chunk + 1)
                {
                    lastChunk[root] = chunk + 1;
                    chunksWith[root]++;
                }
            }
        }

        _rarity = Array.ConvertAll(chunksWith, df => Idf(corpus.Chunks.Count, df) / Idf(corpus.Chunks.Count, 0));
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>In (0, 1]: the idf of BM25 divided by that of a root in no chunk, so that corpora of all sizes share one scale.</summary>
    public double RarityOf(int root) => root < 0 ? 1 : _rarity[root];

    private static double Idf(int chunks, int df) => Math.Log(1 + ((chunks - df + 0.5) / (df + 0.5)));
}
