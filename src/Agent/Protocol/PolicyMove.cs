namespace Agentic.Agent;

/// <summary>What a completion amounts to; a closed set.</summary>
/// <param name="Summary">Summary of the step whose evidence was shown last; null when there was none to summarise or it was not written.</param>
/// <param name="Length">Characters of the completion that belong to the move; what follows is not taken over.</param>
internal abstract record PolicyMove(string? Summary, int Length)
{
    /// <summary>Another step.</summary>
    /// <param name="StepStart">Offset of the line that opens the step: the completion up to here closes the step before.</param>
    public sealed record NextStep(string? Summary, int Length, int StepStart, IReadOnlyList<string> KeyEntities, string Subquery)
        : PolicyMove(Summary, Length);

    /// <summary>The end of the attempt.</summary>
    public sealed record FinalAnswer(string? Summary, int Length, string Answer) : PolicyMove(Summary, Length);

    /// <summary>A summary with nothing after it: what a policy that stops where it is told to writes at the step cap.</summary>
    public sealed record SummaryOnly(string? Summary, int Length) : PolicyMove(Summary, Length);

    /// <summary>Text that does not follow the protocol, kept whole.</summary>
    public sealed record Malformed(string? Summary, int Length, string Reason) : PolicyMove(Summary, Length);
}
