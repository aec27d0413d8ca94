namespace Agentic.Retrieval;

/// <summary>A piece of a document small enough to be shown to a policy; the unit of retrieval.</summary>
/// <param name="Id">The document's id when the document is one chunk, otherwise <c>document#ordinal</c>.</param>
/// <param name="DocumentId">The document it was cut from.</param>
/// <param name="Ordinal">0-based position among the document's chunks.</param>
/// <param name="Title">The document's title.</param>
/// <param name="Text">Equal to the document's text from <paramref name="Start"/> (inclusive) to <paramref name="End"/> (exclusive).</param>
/// <param name="Start">Offset into the document's text, in UTF-16 units.</param>
/// <param name="End">Offset into the document's text, in UTF-16 units.</param>
public sealed record Chunk(string Id, string DocumentId, int Ordinal, string Title, string Text, int Start, int End);

/// <summary>What the index keeps of a chunk: its text and the facts readable from it alone.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Triplets">Facts extracted from this chunk only; their support is this chunk.</param>
public sealed record IndexedChunk(Chunk Chunk, IReadOnlyList<Fact> Triplets);

/// <summary>A triplet as read from one chunk, before facts of several chunks are merged into a <see cref="Triplet"/>.</summary>
public readonly record struct Fact(string Head, string Relation, string Tail);
