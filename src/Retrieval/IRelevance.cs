namespace Agentic.Retrieval;

/// <summary>The relevance score sim_R of TeaRAG: how well a text answers a query, as a logit.</summary>
/// <remarks>Safe for concurrent use and deterministic. <c>sigmoid(logit)</c> is calibrated to a probability of relevance.</remarks>
public interface IRelevance
{
    /// <summary>One logit per candidate, in order.</summary>
    ValueTask<IReadOnlyList<double>> ScoreAsync(string query, IReadOnlyList<RelevanceCandidate> candidates, CancellationToken cancellationToken);
}

/// <summary>A text to be scored: a chunk (title and text) or a triplet or entity (no title).</summary>
public readonly record struct RelevanceCandidate(string Title, string Text);
