using System.Collections.Concurrent;

namespace Agentic.Retrieval;

/// <summary>sim_R without a model: a logistic combination of word overlap, weighted by how rare words are in the live chunks.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class LexicalRelevance : IRelevance
{
    /// <summary>Triplets and names whose words are kept after they were first read, so that a busy entity is read once.</summary>
    private const int MostRemembered = 100_000;

    private readonly RootStatistics _statistics;
    private readonly ConcurrentDictionary<RelevanceCandidate, RelevanceText> _statements = new();
    private readonly Dictionary<RelevanceCandidate, RelevanceText> _texts;

    private LexicalRelevance(AnalyzedCorpus corpus)
    {
        _statistics = new RootStatistics(corpus);
        _texts = new(corpus.Chunks.Count);
        for (var i = 0; i < corpus.Chunks.Count; i++)
        {
            var chunk = corpus.Chunks[i];
            _texts[new RelevanceCandidate(chunk.Title, chunk.Text)] = RelevanceText.Of(chunk, corpus.Titles[i], corpus.Texts[i]);
        }
    }

    /// <summary>Reads the live chunks once; scoring one of them later reads none of its text again.</summary>
    public static LexicalRelevance Freeze(ChunkIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return new LexicalRelevance(index.Names.Corpus);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<double>> ScoreAsync(string query, IReadOnlyList<RelevanceCandidate> candidates, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(candidates);
        cancellationToken.ThrowIfCancellationRequested();
        var analysed = RelevanceQuery.Of(query, _statistics);
        var logits = new double[candidates.Count];
        Span<double> features = stackalloc double[RelevanceFeatures.Count];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = Logit(analysed, TextOf(candidates[i]), features);
        }

        return ValueTask.FromResult<IReadOnlyList<double>>(logits);
    }

    /// <summary>The features of one candidate, for fitting.</summary>
    internal double[] Features(string query, RelevanceCandidate candidate)
    {
        var features = new double[RelevanceFeatures.Count];
        RelevanceFeatures.Measure(RelevanceQuery.Of(query, _statistics), TextOf(candidate), features);
        return features;
    }

    private static double Logit(RelevanceQuery query, RelevanceText text, Span<double> features)
    {
        RelevanceFeatures.Measure(query, text, features);
        var weights = text.IsStatement ? RelevanceWeights.Statement : RelevanceWeights.Chunk;
        var logit = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            logit += weights[i] * features[i];
        }

        return logit;
    }

    private RelevanceText TextOf(RelevanceCandidate candidate) =>
        _texts.TryGetValue(candidate, out var known) || _statements.TryGetValue(candidate, out known) ? known : Remembered(candidate);

    private RelevanceText Remembered(RelevanceCandidate candidate)
    {
        var text = RelevanceText.Of(candidate, _statistics);
        if (text.IsStatement && _statements.Count < MostRemembered)
        {
            _statements.TryAdd(candidate, text);
        }

        return text;
    }
}
