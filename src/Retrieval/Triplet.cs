namespace Agentic.Retrieval;

/// <summary>A fact of the knowledge graph with the chunks that support it.</summary>
/// <param name="Head">Entity the fact is about, as written.</param>
/// <param name="Relation">Relation in words, as written.</param>
/// <param name="Tail">Entity or value, as written.</param>
/// <param name="SupportingChunkIds">Never empty; ordinal order.</param>
public sealed record Triplet(string Head, string Relation, string Tail, IReadOnlyList<string> SupportingChunkIds)
{
    /// <summary>The triplet as flat text, as it is shown to a policy and scored for relevance.</summary>
    public string Text => $"{Head} {Relation} {Tail}";
}

/// <summary>Reads facts out of one chunk without looking at any other.</summary>
/// <remarks>Deterministic and safe for concurrent use.</remarks>
public interface ITripletExtractor
{
    /// <summary>Names the extractor and its version; part of an index's configuration.</summary>
    string Id { get; }

    /// <summary>The facts of <paramref name="chunk"/>, in reading order, without repetitions.</summary>
    IReadOnlyList<Fact> Extract(Chunk chunk);
}
