namespace Agentic.Retrieval;

/// <summary>sim_R without a model: a logistic combination of word overlap, weighted by how rare words are in the live chunks.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class LexicalRelevance : IRelevance
{
    private readonly RootStatistics _statistics;
    private readonly Dictionary<RelevanceCandidate, RelevanceText> _texts;

    private LexicalRelevance(AnalyzedCorpus corpus)
    {
        _statistics = new RootStatistics(corpus);
        _texts = new(corpus.Chunks.Count);
        for (var i = 0; i < corpus.Chunks.Count; i++)
        {
            var candidate = new RelevanceCandidate(corpus.Chunks[i].Title, corpus.Chunks[i].Text);
            _texts[candidate] = RelevanceText.Of(candidate, corpus.Titles[i], corpus.Texts[i]);
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
        var logit = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            logit += RelevanceWeights.Chunk[i] * features[i];
        }

        return logit;
    }

    private RelevanceText TextOf(RelevanceCandidate candidate)
    {
        if (_texts.TryGetValue(candidate, out var known))
        {
            return known;
        }

        var title = WordSequence.Known(EnglishText.Analyze(candidate.Title), _statistics.Vocabulary);
        var body = WordSequence.Known(EnglishText.Analyze(candidate.Text), _statistics.Vocabulary);
        return RelevanceText.Of(candidate, title, body);
    }
}
