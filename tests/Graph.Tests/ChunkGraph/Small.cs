using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

/// <summary>Indexes of a few chunks without facts, in memory.</summary>
internal static class Small
{
    public static ChunkIndex Index(params (string Title, string Text)[] documents) =>
        ChunkIndex.Of(documents.Select((document, i) => Indexed($"d{i:D2}", document.Title, document.Text)));

    public static IndexedChunk Indexed(string id, string title, string text) => new(new Chunk(id, id, 0, title, text, 0, text.Length), []);
}
