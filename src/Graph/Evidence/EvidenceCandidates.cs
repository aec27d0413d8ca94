using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>The candidates of one request with their relevance in [0, 1], best first.</summary>
internal sealed record EvidenceCandidates(
    IReadOnlyList<(Chunk Chunk, double Relevance)> Chunks,
    IReadOnlyList<(Triplet Triplet, double Relevance)> Triplets)
{
    /// <summary>How the ranking came to its chunks, by chunk id; without those it cannot explain.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PathHop>> Paths { get; init; } = new Dictionary<string, IReadOnlyList<PathHop>>();

    /// <summary>Chunks, then triplets, as evidence scored by relevance.</summary>
    public IReadOnlyList<Evidence> All => [.. ChunkEvidence(int.MaxValue), .. TripletEvidence(int.MaxValue)];

    public IEnumerable<Evidence> ChunkEvidence(int limit) =>
        Chunks.Take(limit).Select(item => new Evidence.OfChunk(item.Chunk, item.Relevance) { Path = Paths.GetValueOrDefault(item.Chunk.Id) });

    public IEnumerable<Evidence> TripletEvidence(int limit) =>
        Triplets.Take(limit).Select(item => new Evidence.OfTriplet(item.Triplet, item.Relevance));
}
