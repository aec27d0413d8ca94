using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The rule of iterative process-aware DPO (TeaRAG, arXiv 2511.05385, equation 14 and the list after it); the thresholds are the paper's.</summary>
public sealed record IpDpoPairRuleOptions : PairRuleOptions
{
    /// <summary>Several hops: least <c>r_process</c> of a chosen one whose answer is exact.</summary>
    [Range(0.0, 10.0)] public double ProcessWhenExact { get; init; } = 0.7;

    /// <summary>Several hops: least <c>r_out</c> of a chosen one whose answer is nearly exact.</summary>
    [Range(0.0, 1.0)] public double OutcomeWhenNear { get; init; } = 0.8;

    /// <summary>Several hops: least <c>r_process</c> of a chosen one whose answer is nearly exact.</summary>
    [Range(0.0, 10.0)] public double ProcessWhenNear { get; init; } = 0.8;

    /// <summary>Most <c>r_out</c> of an easy rejection.</summary>
    [Range(0.0, 1.0)] public double EasyOutcome { get; init; } = 0.3;

    /// <summary>How far <c>r_out</c> of a hard rejection must lie below that of the chosen one.</summary>
    [Range(0.0, 1.0)] public double HardMargin { get; init; } = 0.3;

    /// <summary>Which parts of the reward count; conditions on the others hold always, and the order leaves them out.</summary>
    [EnumDataType(typeof(RewardParts))] public RewardParts Rewards { get; init; } = RewardParts.Full;

    /// <summary>
    /// Not the paper's: adds pairs of a right and a wrong answer with equally many steps, which teach what to ask and not how often. A trajectory is in at most one pair of each sort.
    /// </summary>
    public bool EqualSteps { get; init; }

    /// <inheritdoc/>
    public override IPairRule Build() => EqualSteps
        ? new JoinedPairRule(new IpDpoPairRule(OptionsGuard.Checked(this)), new EqualStepsPairRuleOptions { EasyOutcome = EasyOutcome }.Build())
        : new IpDpoPairRule(OptionsGuard.Checked(this));
}

/// <summary>
/// Chosen ones by falling reward, candidates for rejection by rising reward, ties by id; one cursor goes through the candidates once. What it passes is not looked at again, so nothing is
/// rejected twice.
/// </summary>
internal sealed class IpDpoPairRule(IpDpoPairRuleOptions options) : IPairRule
{
    private bool CountsForm => options.Rewards != RewardParts.Outcome;

    private bool CountsProcess => options.Rewards == RewardParts.Full;

    public PairSelection Select(string question, IReadOnlyList<PairCandidate> candidates)
    {
        var fates = new Dictionary<string, CandidateFate>(StringComparer.Ordinal);
        var usable = candidates.Where(candidate => candidate.HasText).ToList();
        var good = usable.Where(MayBeChosen).OrderByDescending(Sum).ThenBy(candidate => candidate.Id, StringComparer.Ordinal).ToList();
        var chosen = good.Where(candidate => !candidate.HasObeyed).ToList();
        var names = chosen.Select(candidate => candidate.Id).ToHashSet(StringComparer.Ordinal);
        var ranked = usable.Where(candidate => !names.Contains(candidate.Id)).OrderBy(Sum).ThenBy(candidate => candidate.Id, StringComparer.Ordinal).ToList();
        var (pairs, cursor) = (new List<ChosenPair>(), 0);
        foreach (var better in chosen)
        {
            RejectionReason? reason = null;
            while (reason is null && cursor < ranked.Count)
            {
                var candidate = ranked[cursor++];
                reason = Rejection(candidate, better);
                if (reason is { } found)
                {
                    pairs.Add(new ChosenPair(better, candidate, found));
                }

                fates[candidate.Id] = reason is null ? CandidateFate.Between : CandidateFate.Rejected;
            }

            fates[better.Id] = reason is null ? CandidateFate.Unmatched : CandidateFate.Chosen;
        }

        foreach (var candidate in ranked.Skip(cursor))
        {
            fates[candidate.Id] = chosen.Count == 0 ? CandidateFate.NothingChosen : CandidateFate.NotNeeded;
        }

        foreach (var candidate in good.Where(candidate => candidate.HasObeyed && fates[candidate.Id] != CandidateFate.Rejected))
        {
            fates[candidate.Id] = CandidateFate.ObeyedInstruction;
        }

        foreach (var candidate in candidates.Where(candidate => !candidate.HasText))
        {
            fates[candidate.Id] = CandidateFate.NoText;
        }

        return new PairSelection(pairs, fates);
    }

    private double Outcome(PairCandidate candidate) => CountsProcess ? candidate.Outcome : candidate.Value ?? candidate.Outcome;

    private double Sum(PairCandidate candidate) =>
        (CountsForm ? candidate.Format : 0) + Outcome(candidate) + (CountsProcess ? candidate.Process : 0);

    private bool MayBeChosen(PairCandidate candidate)
    {
        if (CountsForm && candidate.Format != 1)
        {
            return false;
        }

        var (outcome, process) = (Outcome(candidate), candidate.Process);
        return candidate.Kind == HopKind.Single
            ? outcome == 1
            : (outcome == 1 && (!CountsProcess || process >= options.ProcessWhenExact))
                || (outcome >= options.OutcomeWhenNear && (!CountsProcess || process >= options.ProcessWhenNear));
    }

    private RejectionReason? Rejection(PairCandidate candidate, PairCandidate chosen)
    {
        var outcome = Outcome(candidate);
        return CountsForm && candidate.Format == 0 ? RejectionReason.Format
            : CountsForm && candidate.Format != 1 ? null
            : outcome <= options.EasyOutcome ? RejectionReason.Easy
            : candidate.Kind == HopKind.Multi && outcome <= Outcome(chosen) - options.HardMargin && (!CountsProcess || candidate.Process <= chosen.Process) ? RejectionReason.Hard
            : null;
    }
}
