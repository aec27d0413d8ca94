using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Control for evaluations: the closed book. Nothing is ever found; what a policy still gets right it did not read.</summary>
public sealed class NoEvidence : IEvidenceRetriever
{
    /// <inheritdoc/>
    public ValueTask<EvidenceResult> RetrieveAsync(EvidenceRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(new EvidenceResult([]));
}
