namespace Agentic.Retrieval.Tests;

/// <summary>Chunks without facts for tests of names; ids are the positions given.</summary>
internal static class SmallCorpus
{
    public static ChunkIndex Of(params (string Title, string Text)[] documents) =>
        ChunkIndex.Of(documents.Select((document, i) => Indexed($"d{i}", document.Title, document.Text)));

    public static IndexedChunk Indexed(string id, string title, string text) => new(new Chunk(id, id, 0, title, text, 0, text.Length), []);
}
