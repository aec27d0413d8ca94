namespace Agentic.Agent;

/// <summary>Options of one rule; the kind is the type's name without <c>PairRuleOptions</c>, in kebab case.</summary>
public abstract record PairRuleOptions
{
    /// <summary>Builds the rule.</summary>
    /// <exception cref="Retrieval.OptionsException">A value is out of its range.</exception>
    public abstract IPairRule Build();
}

/// <summary>Chooses, among the trajectories of one question, those to be compared.</summary>
/// <remarks>Deterministic, and independent of the order of the candidates.</remarks>
public interface IPairRule
{
    /// <summary>The pairs of a question, and what became of every candidate.</summary>
    /// <param name="question">The question's id; seeds what a rule draws.</param>
    /// <param name="candidates">Its trajectories, each with an id of its own, all of one kind.</param>
    PairSelection Select(string question, IReadOnlyList<PairCandidate> candidates);
}

/// <summary>A trajectory as a rule sees it.</summary>
/// <param name="Id">Decides ties, by ordinal comparison.</param>
/// <param name="Kind">Which rule holds.</param>
/// <param name="Format"><c>r_fmt</c>.</param>
/// <param name="Outcome"><c>r_out</c>.</param>
/// <param name="Process"><c>r_process</c>.</param>
public sealed record PairCandidate(string Id, HopKind Kind, double Format, double Outcome, double Process)
{
    /// <summary>Value of the answer before anything is divided; null where it is not known apart, then <see cref="Outcome"/> stands for it.</summary>
    public double? Value { get; init; }

    /// <summary>Number of its steps; null when unknown.</summary>
    public int? Steps { get; init; }

    /// <summary>Hash of what it says; two that say the same cannot be compared. Null when unknown.</summary>
    public string? Content { get; init; }

    /// <summary>True when it did what a text shown as evidence told it: never chosen.</summary>
    public bool HasObeyed { get; init; }

    /// <summary>False when the policy wrote nothing that could be trained: in no pair.</summary>
    public bool HasText { get; init; } = true;

    /// <summary><c>r_fmt + r_out + r_process</c>.</summary>
    public double Sum => Format + Outcome + Process;
}

/// <summary>A chosen and a rejected trajectory.</summary>
/// <param name="Chosen">The better one.</param>
/// <param name="Rejected">The other.</param>
/// <param name="Reason">Why it is rejected.</param>
public sealed record ChosenPair(PairCandidate Chosen, PairCandidate Rejected, RejectionReason Reason);

/// <summary>Why a trajectory is rejected.</summary>
public enum RejectionReason
{
    /// <summary>It does not follow the protocol.</summary>
    Format,

    /// <summary>Its answer is wrong.</summary>
    Easy,

    /// <summary>Its answer is partly right, but clearly less so, and its process no better.</summary>
    Hard,

    /// <summary>Its answer is wrong and it has as many steps as the chosen one.</summary>
    EqualSteps,

    /// <summary>It was drawn.</summary>
    Random,
}

/// <summary>What became of a candidate.</summary>
public enum CandidateFate
{
    /// <summary>Chosen in a pair.</summary>
    Chosen,

    /// <summary>Rejected in a pair.</summary>
    Rejected,

    /// <summary>Good enough to be chosen, but nothing was left to reject.</summary>
    Unmatched,

    /// <summary>Nothing of its question is good enough to be chosen.</summary>
    NothingChosen,

    /// <summary>Neither good enough to be chosen nor bad enough to be rejected against what was chosen.</summary>
    Between,

    /// <summary>Left over when every chosen one had its partner.</summary>
    NotNeeded,

    /// <summary>Good enough to be chosen, but it obeyed an instruction in its evidence.</summary>
    ObeyedInstruction,

    /// <summary>The policy wrote nothing that could be trained.</summary>
    NoText,
}

/// <summary>The pairs of a question.</summary>
/// <param name="Pairs">In the order in which they were made.</param>
/// <param name="Fates">By candidate id; one for each candidate.</param>
public sealed record PairSelection(IReadOnlyList<ChosenPair> Pairs, IReadOnlyDictionary<string, CandidateFate> Fates);
