using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>One attempt at a question, from prompt to stop.</summary>
/// <param name="QuestionId">The question attempted.</param>
/// <param name="Attempt">0-based attempt at that question.</param>
/// <param name="PolicyId">Who wrote the policy segments.</param>
/// <param name="Seed">Seed of the attempt.</param>
/// <param name="Segments">The whole text in order; the mask of training is read off this.</param>
/// <param name="Steps">The same as structure.</param>
/// <param name="Answer">The final answer, or null when the attempt ended without one.</param>
/// <param name="Stop">Why it ended.</param>
/// <param name="Tokens">O200k counts.</param>
/// <param name="Seconds">Wall time of the attempt; never part of a digest.</param>
public sealed record Trajectory(
    string QuestionId,
    int Attempt,
    string PolicyId,
    Seed Seed,
    IReadOnlyList<Segment> Segments,
    IReadOnlyList<Step> Steps,
    string? Answer,
    StopReason Stop,
    TokenCounts Tokens,
    double Seconds)
{
    /// <summary>The question in words.</summary>
    public string Question { get; init; } = "";

    /// <summary>What went wrong or was cut short, in a sentence; null for an undisturbed attempt.</summary>
    public string? Problem { get; init; }
}

/// <summary>A stretch of the text with one author.</summary>
/// <param name="Step">1-based step it opens or, for evidence and for the text that ends an attempt, the step it closes; 0 before the first step.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Text">The text.</param>
public sealed record Segment(int Step, Author Author, string Text)
{
    /// <summary>Token ids in the policy's vocabulary, when known; a last newline that the system had to add is not among them.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>Natural log-probability of each id, when known.</summary>
    public IReadOnlyList<double>? LogProbs { get; init; }

    /// <summary>Wall time it took to come about; never part of a digest.</summary>
    public double Seconds { get; init; }
}

/// <summary>Who wrote a segment.</summary>
public enum Author
{
    /// <summary>Instruction and question.</summary>
    Prompt,

    /// <summary>The policy: the only author that is trained.</summary>
    Policy,

    /// <summary>The system: evidence and the forced final answer line.</summary>
    Tool,
}

/// <summary>One subquery, its evidence and its summary.</summary>
/// <param name="Number">1-based.</param>
/// <param name="KeyEntities">Entities named on the step's entity line; may be empty.</param>
/// <param name="Subquery">The step's question.</param>
/// <param name="Evidence">What was shown, best first.</param>
/// <param name="Summary">What the policy made of it; null while it has not been written.</param>
public sealed record Step(int Number, IReadOnlyList<string> KeyEntities, string Subquery, IReadOnlyList<Evidence> Evidence, string? Summary)
{
    /// <summary>How the evidence was selected, when traced.</summary>
    public EvidenceTrace? Trace { get; init; }
}

/// <summary>Why an attempt ended.</summary>
public enum StopReason
{
    /// <summary>The policy gave a final answer.</summary>
    Answered,

    /// <summary>The step cap was reached and the answer was forced.</summary>
    StepLimit,

    /// <summary>The token budget of the attempt was used up.</summary>
    TokenLimit,

    /// <summary>The policy's text did not follow the protocol.</summary>
    Malformed,

    /// <summary>The policy could not be reached or refused.</summary>
    PolicyFailed,
}

/// <summary>O200k tokens of an attempt.</summary>
/// <param name="Thinking">Written by the policy.</param>
/// <param name="Retrieved">Inside Reference blocks.</param>
/// <param name="Total">Thinking plus retrieved.</param>
/// <param name="Retrievals">Number of Reference blocks.</param>
public readonly record struct TokenCounts(int Thinking, int Retrieved, int Total, int Retrievals);
