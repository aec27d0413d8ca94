using Agentic.Retrieval;

namespace Agentic.Agent.Tests;

/// <summary>Shows the same items at every step and remembers what it was asked.</summary>
internal sealed class FakeEvidence(params Evidence[] items) : IEvidenceRetriever
{
    public List<EvidenceRequest> Requests { get; } = [];

    public static Evidence.OfChunk Chunk(string title, string text, double score = 0.5, string? id = null) =>
        new(new Chunk(id ?? title, id ?? title, 0, title, text, 0, text.Length), score);

    public static Evidence.OfTriplet Triplet(string head, string relation, string tail, double score = 0.5) =>
        new(new Triplet(head, relation, tail, [head]), score);

    public ValueTask<EvidenceResult> RetrieveAsync(EvidenceRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (Requests)
        {
            Requests.Add(request);
        }

        return ValueTask.FromResult(new EvidenceResult(items));
    }
}
