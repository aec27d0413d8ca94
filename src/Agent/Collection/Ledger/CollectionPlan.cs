using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What a collection is to hold: attempts 0 to <paramref name="Samples"/> - 1 at every question, in this order.</summary>
/// <param name="Questions">Each with an id of its own; they are kept with the collection, so that scoring needs nothing else.</param>
/// <param name="Samples">Attempts a question.</param>
/// <param name="Header">How a policy was asked, for the files made from the collection; null when unknown.</param>
public sealed record CollectionPlan(IReadOnlyList<Question> Questions, int Samples, DemonstrationHeader? Header = null)
{
    /// <summary>Attempts in all.</summary>
    public int Count => Questions.Count * Samples;

    /// <exception cref="AgenticException">No question, or two with one id.</exception>
    internal CollectionPlan Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 1, nameof(Samples));
        if (Questions.Count == 0)
        {
            throw new AgenticException("there is no question to attempt; give a file with at least one");
        }

        return Questions.GroupBy(question => question.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new AgenticException($"question id {twice.Key} occurs more than once; ids must differ")
            : this;
    }
}

/// <summary>An attempt that is to be made.</summary>
/// <param name="Ordinal">Its place in the plan.</param>
/// <param name="Key">Its identity; decides its seed.</param>
/// <param name="Question">The question.</param>
internal readonly record struct CollectionTask(int Ordinal, TrajectoryKey Key, Question Question);

/// <summary>An attempt that was made, as it will be stored.</summary>
/// <param name="Ordinal">Its place in the plan.</param>
/// <param name="Line">As <see cref="TrajectoryJson"/> writes it, packed.</param>
/// <param name="HasFailed">True when the policy could not be asked: no attempt came about, and it may be made again.</param>
/// <param name="Tokens">O200k tokens written and read.</param>
/// <param name="Cost">Money.</param>
internal readonly record struct CollectedLine(int Ordinal, byte[] Line, bool HasFailed, int Tokens, double Cost);

/// <summary>How far a collection is.</summary>
/// <param name="RunId">Short name of its configuration.</param>
/// <param name="Questions">Questions of the plan.</param>
/// <param name="Samples">Attempts a question.</param>
/// <param name="Planned">Attempts still to be made.</param>
/// <param name="Leased">Attempts handed out and not back: under way, or lost with a killed process and made again.</param>
/// <param name="Committed">Attempts made.</param>
/// <param name="Failed">Attempts that came to nothing because the policy could not be asked; <c>collect retry</c> makes them again.</param>
/// <param name="Tokens">O200k tokens of the attempts made.</param>
/// <param name="Cost">Money they cost, by the prices they were collected with.</param>
public sealed record CollectionStatus(string RunId, int Questions, int Samples, int Planned, int Leased, int Committed, int Failed, long Tokens, double Cost)
{
    /// <summary>Attempts of the plan.</summary>
    public int Total => Planned + Leased + Committed + Failed;

    /// <summary>True when nothing is left to do, failed attempts aside.</summary>
    public bool IsComplete => Planned + Leased == 0;
}
