namespace Agentic.Retrieval;

/// <summary>Finds the few items shown to the policy for one step.</summary>
/// <remarks>Safe for concurrent use and deterministic.</remarks>
public interface IEvidenceRetriever
{
    /// <summary>Best evidence first; empty when nothing fits.</summary>
    ValueTask<EvidenceResult> RetrieveAsync(EvidenceRequest request, CancellationToken cancellationToken);
}

/// <summary>One step's need for knowledge.</summary>
/// <param name="Subquery">The step's question in words.</param>
/// <param name="KeyEntities">Entities the policy named for the step; may be empty.</param>
public sealed record EvidenceRequest(string Subquery, IReadOnlyList<string> KeyEntities);

/// <summary>The selected evidence and how it was selected.</summary>
public sealed record EvidenceResult(IReadOnlyList<Evidence> Items, EvidenceTrace? Trace = null);

/// <summary>The association graph behind a selection: enough to redraw it with node sizes.</summary>
public sealed record EvidenceTrace(IReadOnlyList<TraceNode> Nodes, IReadOnlyList<TraceEdge> Edges, int Iterations);

/// <summary>A node of the association graph.</summary>
/// <param name="Kind">subquery, chunk, triplet or entity.</param>
/// <param name="Label">Chunk id, triplet text, entity name or the subquery.</param>
/// <param name="Mass">Personalized PageRank score.</param>
/// <param name="Selected">True when the node became evidence.</param>
public sealed record TraceNode(string Kind, string Label, double Mass, bool Selected);

/// <summary>An undirected edge between nodes by position in <see cref="EvidenceTrace.Nodes"/>.</summary>
public sealed record TraceEdge(int From, int To, double Weight);
