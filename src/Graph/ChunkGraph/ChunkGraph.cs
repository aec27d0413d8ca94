using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>A link from a chunk to a title or a phrase, before any question is known.</summary>
internal enum LinkKind
{
    /// <summary>The chunk mentions the title of the other.</summary>
    Mention,

    /// <summary>Both write the same name.</summary>
    Phrase,

    /// <summary>The other mentions the title of the chunk.</summary>
    MentionedBy,
}

/// <summary>The corpus as a graph of chunks: title mentions both ways and shared phrases, frozen from the live chunks.</summary>
internal sealed class ChunkGraph
{
    public ChunkGraph(CorpusNames names)
    {
        Names = names;
        Parallel.Invoke(() => _ = names.Mentions, () => _ = names.Phrases, () => _ = names.Stems);
        var mentionedBy = new List<(int Chunk, int Mention)>[names.Titles.Titles.Count];
        for (var chunk = 0; chunk < names.Mentions.Length; chunk++)
        {
            for (var i = 0; i < names.Mentions[chunk].Length; i++)
            {
                (mentionedBy[names.Mentions[chunk][i].Title] ??= []).Add((chunk, i));
            }
        }

        MentionedBy = Array.ConvertAll(mentionedBy, list => list?.ToArray() ?? []);
    }

    public CorpusNames Names { get; }

    /// <summary>For each title the mentions of it: the chunk, and which of its mentions.</summary>
    public (int Chunk, int Mention)[][] MentionedBy { get; }

    public int ChunkCount => Names.Corpus.Chunks.Count;
}
