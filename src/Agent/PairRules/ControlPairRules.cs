using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Control: the rule of <see cref="IpDpoPairRuleOptions"/> with the answer as the only reward, not divided by steps.</summary>
public sealed record OutcomeOnlyPairRuleOptions : PairRuleOptions
{
    /// <summary>Least value of a chosen answer of several hops; a single hop wants an exact one.</summary>
    [Range(0.0, 1.0)] public double ChosenOutcome { get; init; } = 0.8;

    /// <summary>Most value of an easy rejection.</summary>
    [Range(0.0, 1.0)] public double EasyOutcome { get; init; } = 0.3;

    /// <summary>How far the value of a hard rejection must lie below that of the chosen one.</summary>
    [Range(0.0, 1.0)] public double HardMargin { get; init; } = 0.3;

    /// <inheritdoc/>
    public override IPairRule Build()
    {
        OptionsGuard.Checked(this);
        return new IpDpoPairRuleOptions { Rewards = RewardParts.Outcome, OutcomeWhenNear = ChosenOutcome, EasyOutcome = EasyOutcome, HardMargin = HardMargin }.Build();
    }
}

/// <summary>Control: for each question as many pairs as <see cref="Like"/> makes, their sides drawn from all its trajectories. What the selection does shows against this.</summary>
public sealed record RandomPairRuleOptions : PairRuleOptions
{
    /// <summary>The rule whose number of pairs is kept, question by question.</summary>
    public IpDpoPairRuleOptions Like { get; init; } = new();

    /// <summary>Root of the draws; each question has its own.</summary>
    public Seed Seed { get; init; } = new(0);

    /// <inheritdoc/>
    public override IPairRule Build() => new RandomPairRule(Like.Build(), Seed);
}

/// <summary>A seeded shuffle of the candidates in ordinal order of ids, taken two by two, two that say the same never together. One that obeyed an instruction is rejected or left out, as everywhere.</summary>
internal sealed class RandomPairRule(IPairRule like, Seed seed) : IPairRule
{
    public PairSelection Select(string question, IReadOnlyList<PairCandidate> candidates)
    {
        var count = like.Select(question, candidates).Pairs.Count;
        var fates = candidates.ToDictionary(candidate => candidate.Id, candidate => candidate.HasText ? CandidateFate.NotNeeded : CandidateFate.NoText, StringComparer.Ordinal);
        var drawn = candidates.Where(candidate => candidate.HasText).OrderBy(candidate => candidate.Id, StringComparer.Ordinal).ToArray();
        seed.Derive(question).ToRandom().Shuffle(drawn);
        var left = drawn.OrderBy(candidate => candidate.HasObeyed).ToList();
        var pairs = new List<ChosenPair>();
        while (pairs.Count < count && left is [{ HasObeyed: false } chosen, ..])
        {
            left.RemoveAt(0);
            var partner = left.FindIndex(candidate => candidate.Content is null || candidate.Content != chosen.Content);
            if (partner >= 0)
            {
                pairs.Add(new ChosenPair(chosen, left[partner], RejectionReason.Random));
                (fates[chosen.Id], fates[left[partner].Id]) = (CandidateFate.Chosen, CandidateFate.Rejected);
                left.RemoveAt(partner);
            }
        }

        return new PairSelection(pairs, fates);
    }
}
