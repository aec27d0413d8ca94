namespace Agentic.Agent;

/// <summary>The pairs of two rules, without those of the second that the first has made or that contradict it. A candidate's fate is the first rule's, unless only the second put it into a pair.</summary>
internal sealed class JoinedPairRule(IPairRule first, IPairRule second) : IPairRule
{
    public PairSelection Select(string question, IReadOnlyList<PairCandidate> candidates)
    {
        var (one, other) = (first.Select(question, candidates), second.Select(question, candidates));
        var made = one.Pairs.Select(pair => (pair.Chosen.Id, pair.Rejected.Id)).ToHashSet();
        var added = other.Pairs.Where(pair =>
            !made.Contains((pair.Chosen.Id, pair.Rejected.Id)) && one.Fates[pair.Chosen.Id] != CandidateFate.Rejected && one.Fates[pair.Rejected.Id] != CandidateFate.Chosen).ToList();
        var fates = one.Fates.ToDictionary(StringComparer.Ordinal);
        foreach (var pair in added)
        {
            (fates[pair.Chosen.Id], fates[pair.Rejected.Id]) = (CandidateFate.Chosen, CandidateFate.Rejected);
        }

        return new PairSelection([.. one.Pairs, .. added], fates);
    }
}
