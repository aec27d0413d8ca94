using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>The candidates of one request with their relevance in [0, 1], best first.</summary>
internal sealed record EvidenceCandidates(
    IReadOnlyList<(Chunk Chunk, double Relevance)> Chunks,
    IReadOnlyList<(Triplet Triplet, double Relevance)> Triplets)
{
    /// <summary>Chunks, then triplets, as evidence scored by relevance.</summary>
    public IReadOnlyList<Evidence> All => [.. ChunkEvidence(int.MaxValue), .. TripletEvidence(int.MaxValue)];

    public IEnumerable<Evidence> ChunkEvidence(int limit) =>
        Chunks.Take(limit).Select(item => new Evidence.OfChunk(item.Chunk, item.Relevance));

    public IEnumerable<Evidence> TripletEvidence(int limit) =>
        Triplets.Take(limit).Select(item => new Evidence.OfTriplet(item.Triplet, item.Relevance));
}
