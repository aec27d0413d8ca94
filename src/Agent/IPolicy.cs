using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What the agent asks for text: a model behind an endpoint, rules, or a script.</summary>
/// <remarks>Safe for concurrent use. What it returns is never trusted: the protocol's parser is total.</remarks>
public interface IPolicy
{
    /// <summary>Names the policy and its version in trajectories.</summary>
    string Id { get; }

    /// <summary>How much the prompt has to say; a policy trained on the protocol needs no instruction.</summary>
    PromptStyle Prompt => PromptStyle.Instructed;

    /// <summary>Continues the text of <see cref="PolicyRequest.Segments"/> through the newline of a Subquery line or the end of a final answer.</summary>
    /// <exception cref="PolicyFailedException">No completion could be had; the attempt ends with this as its outcome.</exception>
    /// <exception cref="EndpointUnreachableException">The policy is not there at all.</exception>
    Task<Completion> CompleteAsync(PolicyRequest request, CancellationToken cancellationToken);
}

/// <summary>What stands before the first step.</summary>
public enum PromptStyle
{
    /// <summary>The instruction of the step protocol, then the question.</summary>
    Instructed,

    /// <summary>The question's line alone.</summary>
    Question,
}

/// <summary>Everything a policy may know: the question, the steps so far as structure, and the same as text. Nobody re-parses what is already known.</summary>
/// <param name="Question">The question in words.</param>
/// <param name="Steps">Steps so far; the last one has evidence but no summary yet, unless there are none.</param>
/// <param name="Segments">The whole text so far, in order, prompt first.</param>
/// <param name="Key">Identity of the attempt.</param>
/// <param name="Seed">Seed of this call, derived from the attempt and the step.</param>
/// <param name="FinalAnswerForced">True at the step cap: the text already ends with <c>Final answer: </c>.</param>
/// <param name="MaxTokens">Most tokens the completion may have.</param>
public sealed record PolicyRequest(
    string Question,
    IReadOnlyList<Step> Steps,
    IReadOnlyList<Segment> Segments,
    TrajectoryKey Key,
    Seed Seed,
    bool FinalAnswerForced,
    int MaxTokens)
{
    /// <summary>Texts before which the policy should stop writing; what it writes beyond is cut off.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];
}

/// <summary>What a policy wrote, with the token ids and log-probabilities it is known by, where the policy has them.</summary>
/// <param name="Text">The text, without anything the policy did not write.</param>
/// <param name="TokenIds">Ids of <paramref name="Text"/> in the policy's own vocabulary, or null.</param>
/// <param name="LogProbs">Natural log-probability of each id, same length as <paramref name="TokenIds"/>, or null.</param>
public sealed record Completion(string Text, IReadOnlyList<int>? TokenIds = null, IReadOnlyList<double>? LogProbs = null)
{
    /// <summary>Ids by which the policy read the request's segments, in their order; null when it does not say. Those of segments that had none are kept with them, so that a trajectory carries every id.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? SegmentIds { get; init; }
}

/// <summary>A policy gave no completion this time: it refused, or answered with something that is no completion. The attempt ends with this as its outcome.</summary>
/// <param name="reason">What happened, in one sentence; ends up in the trajectory.</param>
public sealed class PolicyFailedException(string reason, Exception? inner = null) : AgenticException(reason, inner);

/// <summary>Nothing answers where the policy should be: no attempt can succeed until that is mended, so none is recorded as failed.</summary>
/// <param name="reason">Where it was sought and what to check.</param>
public sealed class EndpointUnreachableException(string reason, Exception? inner = null) : AgenticException(reason, inner);

/// <summary>Identity of an attempt at a question; its seed depends on nothing else.</summary>
public readonly record struct TrajectoryKey(string QuestionId, int Attempt);
