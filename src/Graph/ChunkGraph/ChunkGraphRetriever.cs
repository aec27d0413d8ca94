using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>
/// Ranks chunks over the corpus graph, without a model: the question's names lead to chunks, and the sentences of those chunks whose words fit
/// what the question still asks lead on to others; relevance is Personalized PageRank over links that the question weighs.
/// </summary>
public sealed record GraphRetrieverOptions : RetrieverOptions
{
    /// <summary>Chunks at which the walk restarts and whose links it follows.</summary>
    [Range(1, 1000)]
    public int Seeds { get; init; } = 12;

    /// <summary>Probability of following a link instead of restarting.</summary>
    [Range(0.0, 0.99)]
    public double Damping { get; init; } = 0.5;

    /// <summary>Power of a seed's value in the restart vector.</summary>
    [Range(0.0, 10.0)]
    public double SeedPower { get; init; } = 2;

    /// <summary>Power of a link's weight in the transitions.</summary>
    [Range(0.0, 10.0)]
    public double LinkPower { get; init; } = 3;

    /// <summary>Weight of the lexical score beside that of a name of the question.</summary>
    [Range(0.0, 10.0)]
    public double LexicalWeight { get; init; } = 0.6;

    /// <summary>Weight of neighbouring word pairs in the lexical score.</summary>
    [Range(0.0, 10.0)]
    public double PairWeight { get; init; } = 0.5;

    /// <summary>Weight of a name of the question that is no title but stands in a few chunks.</summary>
    [Range(0.0, 10.0)]
    public double NameWeight { get; init; } = 0.5;

    /// <summary>Weight, in fitting what the question still asks, of words related to its own.</summary>
    [Range(0.0, 1.0)]
    public double RelatedWeight { get; init; } = 0.2;

    /// <summary>Strength of a mention that no word of the question supports.</summary>
    [Range(0.0, 10.0)]
    public double BaseStrength { get; init; } = 0.3;

    /// <summary>Strength that words of the question around a mention add to it.</summary>
    [Range(0.0, 10.0)]
    public double RelationWeight { get; init; } = 1.5;

    /// <summary>Weight of links by a shared name beside those by a title.</summary>
    [Range(0.0, 10.0)]
    public double PhraseWeight { get; init; } = 0.6;

    /// <summary>Weight of links from a titled chunk to those that mention it.</summary>
    [Range(0.0, 10.0)]
    public double ReverseWeight { get; init; } = 0.1;

    /// <summary>Factor on each further chunk of a title that is already listed.</summary>
    [Range(0.0, 1.0)]
    public double SameTitleDiscount { get; init; } = 0.8;

    /// <inheritdoc/>
    public override IRetriever Build(ChunkIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return new ChunkGraphRetriever(new ChunkGraph(index.Names), OptionsGuard.Checked(this));
    }
}

internal sealed class ChunkGraphRetriever(ChunkGraph graph, GraphRetrieverOptions options) : IRetriever
{
    public ValueTask<IReadOnlyList<ScoredChunk>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new ChunkGraphSearch(graph, options, query).Top(limit));
    }
}
