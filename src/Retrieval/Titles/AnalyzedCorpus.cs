namespace Agentic.Retrieval;

/// <summary>The live chunks of an index, read into word numbers once; everything derived from other documents is frozen from this.</summary>
internal sealed class AnalyzedCorpus
{
    private AnalyzedCorpus(IReadOnlyList<Chunk> chunks, WordSequence[] titles, WordSequence[] texts, Vocabulary vocabulary)
    {
        Chunks = chunks;
        Titles = titles;
        Texts = texts;
        Vocabulary = vocabulary;
    }

    /// <summary>In ordinal order of their ids.</summary>
    public IReadOnlyList<Chunk> Chunks { get; }

    /// <summary>Words of each chunk's title; empty when it has none.</summary>
    public WordSequence[] Titles { get; }

    /// <summary>Words of each chunk's text.</summary>
    public WordSequence[] Texts { get; }

    public Vocabulary Vocabulary { get; }

    /// <summary>Analyses every live chunk; word numbers depend on the chunks alone, not on the order in which they were added.</summary>
    public static AnalyzedCorpus Read(ChunkIndex index)
    {
        var chunks = index.Chunks.Select(indexed => indexed.Chunk).ToArray();
        var analyzed = new (EnglishText Title, EnglishText Text)[chunks.Length];
        Parallel.For(0, chunks.Length, i => analyzed[i] = (EnglishText.Analyze(chunks[i].Title), EnglishText.Analyze(chunks[i].Text)));

        var vocabulary = new Vocabulary();
        var titles = new WordSequence[chunks.Length];
        var texts = new WordSequence[chunks.Length];
        for (var i = 0; i < chunks.Length; i++)
        {
            titles[i] = WordSequence.Interned(analyzed[i].Title, vocabulary);
            texts[i] = WordSequence.Interned(analyzed[i].Text, vocabulary);
        }

        return new AnalyzedCorpus(chunks, titles, texts, vocabulary);
    }
}
