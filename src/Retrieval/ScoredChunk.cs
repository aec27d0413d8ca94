namespace Agentic.Retrieval;

/// <summary>A chunk in a ranking.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Score">Higher is better; the scale is the retriever's own.</param>
/// <param name="Path">Why it is here, when the retriever can say: from the query's words to this chunk; otherwise null.</param>
public sealed record ScoredChunk(Chunk Chunk, double Score, IReadOnlyList<PathHop>? Path = null);

/// <summary>One hop of an explanation: from a name or a chunk, by a sentence, to a chunk.</summary>
/// <param name="From">A name of the query (first hop) or the id of the chunk the hop leaves.</param>
/// <param name="Via">The sentence or title that carries the link.</param>
/// <param name="To">Id of the chunk the hop reaches.</param>
/// <param name="Weight">Strength of the hop.</param>
public sealed record PathHop(string From, string Via, string To, double Weight);
