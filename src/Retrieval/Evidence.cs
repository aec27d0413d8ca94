namespace Agentic.Retrieval;

/// <summary>A chunk or a triplet shown to the policy; a closed set.</summary>
/// <param name="Score">Its mass or relevance in the selection that chose it; higher is better.</param>
public abstract record Evidence(double Score)
{
    /// <summary>A chunk as evidence.</summary>
    public sealed record OfChunk(Chunk Chunk, double Score) : Evidence(Score)
    {
        /// <summary>How the ranking came to the chunk, when it can say; otherwise null.</summary>
        public IReadOnlyList<PathHop>? Path { get; init; }
    }

    /// <summary>A triplet as evidence.</summary>
    public sealed record OfTriplet(Triplet Triplet, double Score) : Evidence(Score);
}
