namespace Agentic.Retrieval;

/// <summary>How rare each word root is in the live chunks.</summary>
internal sealed class RootStatistics
{
    private readonly Vocabulary _vocabulary;
    private readonly double[] _rarity;

    public RootStatistics(AnalyzedCorpus corpus)
    {
        _vocabulary = corpus.Vocabulary;
        var chunksWith = new int[_vocabulary.RootCount];
        var lastChunk = new int[_vocabulary.RootCount];
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

    /// <summary>The number of a word's root; negative, but the same for the same root, when the live chunks do not have it.</summary>
    public int RootOf(string folded)
    {
        var known = _vocabulary.FindRoot(folded);
        return known >= 0 ? known : Unknown(WordRoot.Of(folded));
    }

    /// <summary>The root numbers of a text's words.</summary>
    public int[] RootsOf(EnglishText text)
    {
        var roots = new int[text.Words.Count];
        for (var i = 0; i < roots.Length; i++)
        {
            roots[i] = RootOf(text.Words[i].Folded);
        }

        return roots;
    }

    /// <summary>In (0, 1]: the idf of BM25 divided by that of a root in no chunk, so that corpora of all sizes share one scale.</summary>
    public double RarityOf(int root) => root < 0 ? 1 : _rarity[root];

    private static int Unknown(string root)
    {
        var hash = 2166136261u;
        foreach (var c in root)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return -1 - (int)(hash >> 2);
    }

    private static double Idf(int chunks, int df) => Math.Log(1 + ((chunks - df + 0.5) / (df + 0.5)));
}
