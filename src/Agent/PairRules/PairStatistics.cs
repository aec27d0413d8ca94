using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>One side of the pairs of a file, in means.</summary>
/// <param name="Steps">Retrievals.</param>
/// <param name="PolicyTokens">O200k tokens that the policy wrote.</param>
/// <param name="EvidenceTokens">O200k tokens that it was shown.</param>
public sealed record PairSide(double Steps, double PolicyTokens, double EvidenceTokens);

/// <summary>Pairs of one group.</summary>
/// <param name="Pairs">How many.</param>
/// <param name="ChosenSteps">Mean retrievals of the chosen side.</param>
/// <param name="RejectedSteps">Mean retrievals of the rejected side.</param>
public sealed record PairGroup(int Pairs, double ChosenSteps, double RejectedSteps);

/// <summary>What a file of pairs holds and what can be learned from it by accident.</summary>
/// <param name="Pairs">How many.</param>
/// <param name="Questions">Questions they belong to.</param>
/// <param name="Chosen">The chosen sides.</param>
/// <param name="Rejected">The rejected sides.</param>
/// <param name="Longer">Share of the pairs whose chosen side has more policy tokens.</param>
/// <param name="Overlap">Mean share of words that the two sides have in common (Jaccard over the policy's words).</param>
/// <param name="SharedPrefix">Mean share of the chosen side's policy text before the sides part.</param>
/// <param name="Separability">How well chosen and rejected are told apart by their words alone; see <see cref="SeparabilityProbe"/>. Null for fewer than ten questions.</param>
/// <param name="Reasons">Pairs by the reason of the rejection.</param>
/// <param name="ByHops">Pairs by number of hops.</param>
/// <param name="Building">What became of every candidate when the pairs were made, as the file's header says; null when it does not.</param>
public sealed record PairStatistics(
    int Pairs,
    int Questions,
    PairSide Chosen,
    PairSide Rejected,
    double Longer,
    double Overlap,
    double SharedPrefix,
    double? Separability,
    IReadOnlyDictionary<string, int> Reasons,
    IReadOnlyDictionary<string, PairGroup> ByHops,
    JsonObject? Building)
{
    private const int FewestQuestions = 10;

    /// <summary>Reads a file of pairs twice over its texts: once for counts, once for the probe. Policy texts are in memory.</summary>
    /// <exception cref="InputFormatException">The file is broken.</exception>
    public static async Task<PairStatistics> OfAsync(string path, CancellationToken cancellationToken)
    {
        var header = await PairFile.ReadHeaderAsync(path, cancellationToken).ConfigureAwait(false);
        var pairs = new List<Measured>();
        await foreach (var pair in PairFile.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            pairs.Add(Measured.Of(pair));
        }

        var questions = pairs.Select(pair => pair.Question).Distinct(StringComparer.Ordinal).Count();
        return new PairStatistics(
            pairs.Count,
            questions,
            Mean(pairs, pair => pair.Chosen),
            Mean(pairs, pair => pair.Rejected),
            pairs.Average(pair => pair.Chosen.PolicyTokens > pair.Rejected.PolicyTokens ? 1.0 : 0),
            pairs.Average(pair => pair.Overlap),
            pairs.Average(pair => pair.SharedPrefix),
            questions < FewestQuestions ? null : SeparabilityProbe.Auc([.. pairs.Select(pair => (pair.Question, pair.ChosenText, pair.RejectedText))]),
            new SortedDictionary<string, int>(pairs.CountBy(pair => pair.Reason).ToDictionary(), StringComparer.Ordinal),
            new SortedDictionary<string, PairGroup>(
                pairs.GroupBy(pair => pair.Hops, StringComparer.Ordinal).ToDictionary(
                    group => group.Key, group => new PairGroup(group.Count(), group.Average(pair => pair.Chosen.Steps), group.Average(pair => pair.Rejected.Steps))),
                StringComparer.Ordinal),
            header?.Source?["report"]?.DeepClone() as JsonObject);
    }

    private static PairSide Mean(List<Measured> pairs, Func<Measured, PairSide> side) =>
        new(pairs.Average(pair => side(pair).Steps), pairs.Average(pair => side(pair).PolicyTokens), pairs.Average(pair => side(pair).EvidenceTokens));

    private sealed record Measured(string Question, string Hops, string Reason, PairSide Chosen, PairSide Rejected, string ChosenText, string RejectedText, double Overlap, double SharedPrefix)
    {
        public static Measured Of(PreferencePair pair)
        {
            var (chosen, rejected) = (PolicyText(pair.Chosen), PolicyText(pair.Rejected));
            return new Measured(
                pair.QuestionId,
                pair.Hops?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown",
                pair.Reason ?? "unknown",
                Side(pair.Chosen),
                Side(pair.Rejected),
                chosen,
                rejected,
                Jaccard(chosen, rejected),
                chosen.Length == 0 ? 0 : (double)chosen.AsSpan().CommonPrefixLength(rejected) / chosen.Length);
        }

        private static string PolicyText(IReadOnlyList<Segment> side) => string.Concat(side.Where(segment => segment.Author == Author.Policy).Select(segment => segment.Text));

        private static PairSide Side(IReadOnlyList<Segment> side)
        {
            var evidence = side.Where(segment => segment.Author == Author.Tool && segment.Text.StartsWith(ProtocolText.Open, StringComparison.Ordinal)).ToList();
            return new PairSide(
                evidence.Count,
                side.Where(segment => segment.Author == Author.Policy).Sum(segment => TokenCounter.Count(segment.Text)),
                evidence.Sum(segment => TokenCounter.Count(segment.Text)));
        }

        private static double Jaccard(string one, string other)
        {
            var (left, right) = (SeparabilityProbe.Words(one).ToHashSet(StringComparer.Ordinal), SeparabilityProbe.Words(other).ToHashSet(StringComparer.Ordinal));
            var all = left.Union(right, StringComparer.Ordinal).Count();
            return all == 0 ? 1 : (double)left.Intersect(right, StringComparer.Ordinal).Count() / all;
        }
    }
}
