using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>An index of a world held in memory, cut and read as <c>index build</c> would do it.</summary>
internal sealed class WorldIndex : IDisposable
{
    private WorldIndex(ChunkIndex index) => (Index, Snapshot) = (index, GraphSnapshot.Freeze(index));

    public ChunkIndex Index { get; }

    public GraphSnapshot Snapshot { get; }

    /// <summary>Indexes a world; no triplets for an extractor that is null.</summary>
    public static WorldIndex Of(World world, ChunkerOptions chunking, ITripletExtractor? extractor)
    {
        var chunker = new Chunker(chunking);
        return new WorldIndex(ChunkIndex.Of(
            from document in world.Documents
            from chunk in chunker.Cut(document)
            select new IndexedChunk(chunk, extractor?.Extract(chunk) ?? [])));
    }

    public void Dispose() => Index.Dispose();
}
