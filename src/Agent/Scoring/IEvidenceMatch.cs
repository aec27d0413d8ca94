using System.Collections.Concurrent;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>How far texts hold a piece of gold evidence.</summary>
/// <remarks>Safe for concurrent use and deterministic.</remarks>
public interface IEvidenceMatch
{
    /// <summary>One value in [0, 1] a text, in order.</summary>
    ValueTask<IReadOnlyList<double>> MatchAsync(string gold, IReadOnlyList<RelevanceCandidate> texts, CancellationToken cancellationToken);
}

/// <summary>The similarity of the paper over any sim_R: the sigmoid of its score, with the gold evidence as the query.</summary>
public sealed class RelevanceMatch(IRelevance relevance) : IEvidenceMatch
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<double>> MatchAsync(string gold, IReadOnlyList<RelevanceCandidate> texts, CancellationToken cancellationToken)
    {
        var logits = await relevance.ScoreAsync(gold, texts, cancellationToken).ConfigureAwait(false);
        return [.. logits.Select(logit => 1 / (1 + Math.Exp(-logit)))];
    }
}

/// <summary>A similarity that needs no index and no model: the share of the gold evidence's words that a text has.</summary>
/// <remarks>Words of grammar are left out and words are compared by their roots (directed, director), each once; gold evidence of nothing else is compared by all its words.</remarks>
public sealed class WordShareMatch : IEvidenceMatch
{
    /// <summary>Texts whose words are kept after they were first read: evidence comes again and again.</summary>
    private const int MostRemembered = 20_000;

    private readonly ConcurrentDictionary<RelevanceCandidate, HashSet<string>> _known = new();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<double>> MatchAsync(string gold, IReadOnlyList<RelevanceCandidate> texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(texts);
        var wanted = RootsOf(gold, withGrammar: false) is { Count: > 0 } content ? content : RootsOf(gold, withGrammar: true);
        return ValueTask.FromResult<IReadOnlyList<double>>([.. texts.Select(text => wanted.Count == 0 ? 0 : (double)wanted.Count(WordsOf(text).Contains) / wanted.Count)]);
    }

    private HashSet<string> WordsOf(RelevanceCandidate text)
    {
        if (_known.TryGetValue(text, out var known))
        {
            return known;
        }

        var words = RootsOf($"{text.Title} {text.Text}", withGrammar: true);
        if (_known.Count < MostRemembered)
        {
            _known.TryAdd(text, words);
        }

        return words;
    }

    private static HashSet<string> RootsOf(string text, bool withGrammar) => EnglishText.Analyze(text).Words
        .Where(word => withGrammar || !FunctionWords.Contains(word.Folded))
        .Select(word => WordRoot.Of(word.Folded))
        .ToHashSet(StringComparer.Ordinal);
}
