namespace Agentic.Retrieval;

/// <summary>How many chunks have a word, and how it is written inside sentences.</summary>
internal sealed class WordStatistics
{
    private readonly double[] _idf;
    private readonly int[] _capitalized;
    private readonly int[] _lowerCase;

    public WordStatistics(AnalyzedCorpus corpus)
    {
        Vocabulary = corpus.Vocabulary;
        var chunksWith = new int[Vocabulary.Count];
        var lastChunk = new int[Vocabulary.Count];
        _capitalized = new int[Vocabulary.Count];
        _lowerCase = new int[Vocabulary.Count];
        for (var chunk = 0; chunk < corpus.Chunks.Count; chunk++)
        {
            CountChunks(corpus.Titles[chunk], chunk + 1, chunksWith, lastChunk);
            CountChunks(corpus.Texts[chunk], chunk + 1, chunksWith, lastChunk);
            CountCase(corpus.Texts[chunk]);
        }

        _idf = Array.ConvertAll(chunksWith, df => Idf(corpus.Chunks.Count, df));
        UnknownIdf = Idf(corpus.Chunks.Count, 0);
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>Information of a word the corpus does not have.</summary>
    public double UnknownIdf { get; }

    /// <summary>ln(1 + (N - df + 0.5) / (df + 0.5)) over chunks, titles included.</summary>
    public double IdfOf(int word) => word < 0 ? UnknownIdf : _idf[word];

    /// <summary>True unless the word is written without a capital more often than with one.</summary>
    public bool IsUsuallyCapitalized(int word) => _capitalized[word] >= _lowerCase[word];

    private static double Idf(int chunks, int df) => Math.Log(1 + ((chunks - df + 0.5) / (df + 0.5)));

    private static void CountChunks(WordSequence words, int stamp, int[] chunksWith, int[] lastChunk)
    {
        foreach (var word in words.Words)
        {
            if (lastChunk[word] != stamp)
            {
                lastChunk[word] = stamp;
                chunksWith[word]++;
            }
        }
    }

    private void CountCase(WordSequence text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!text.SentenceStart[i])
            {
                (text.Capitalized[i] ? _capitalized : _lowerCase)[text.Words[i]]++;
            }
        }
    }
}
