using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Pairs right answers with wrong ones of equally many steps, both in good form: what is preferred is where the steps lead and not their number.</summary>
public sealed record EqualStepsPairRuleOptions : PairRuleOptions
{
    /// <summary>Most value of a wrong answer.</summary>
    [Range(0.0, 1.0)] public double EasyOutcome { get; init; } = 0.3;

    /// <inheritdoc/>
    public override IPairRule Build() => new EqualStepsPairRule(OptionsGuard.Checked(this));
}

/// <summary>Within each number of steps, in ordinal order of ids: the first right one with the first wrong one, and so on.</summary>
internal sealed class EqualStepsPairRule(EqualStepsPairRuleOptions options) : IPairRule
{
    public PairSelection Select(string question, IReadOnlyList<PairCandidate> candidates)
    {
        var fates = candidates.ToDictionary(candidate => candidate.Id, candidate => candidate.HasText ? CandidateFate.Between : CandidateFate.NoText, StringComparer.Ordinal);
        var pairs = new List<ChosenPair>();
        foreach (var group in candidates.Where(candidate => candidate is { HasText: true, Format: 1, Steps: not null }).GroupBy(candidate => candidate.Steps!.Value).OrderBy(group => group.Key))
        {
            var right = Ordered(group.Where(candidate => Value(candidate) == 1)).ToList();
            var wrong = Ordered(group.Where(candidate => Value(candidate) <= options.EasyOutcome)).ToList();
            var eligible = right.Where(candidate => !candidate.HasObeyed).ToList();
            Mark(right.Except(eligible), CandidateFate.ObeyedInstruction);
            Mark(eligible, CandidateFate.Unmatched);
            Mark(wrong, eligible.Count == 0 ? CandidateFate.NothingChosen : CandidateFate.NotNeeded);
            foreach (var (chosen, rejected) in eligible.Zip(wrong))
            {
                pairs.Add(new ChosenPair(chosen, rejected, RejectionReason.EqualSteps));
                (fates[chosen.Id], fates[rejected.Id]) = (CandidateFate.Chosen, CandidateFate.Rejected);
            }
        }

        return new PairSelection(pairs, fates);

        void Mark(IEnumerable<PairCandidate> marked, CandidateFate fate)
        {
            foreach (var candidate in marked)
            {
                fates[candidate.Id] = fate;
            }
        }
    }

    private static double Value(PairCandidate candidate) => candidate.Value ?? candidate.Outcome;

    private static IOrderedEnumerable<PairCandidate> Ordered(IEnumerable<PairCandidate> candidates) => candidates.OrderBy(candidate => candidate.Id, StringComparer.Ordinal);
}
