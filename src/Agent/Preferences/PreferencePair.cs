namespace Agentic.Agent;

/// <summary>Two ways to go on from one prompt, one of them preferred. What is trained is read off the authors of the two sides; nothing of the prompt ever is, whoever wrote it.</summary>
/// <param name="Id">Unique within its file.</param>
/// <param name="QuestionId">The question it belongs to; several pairs may share one.</param>
/// <param name="Question">The question in words; may be empty where pairs come from elsewhere.</param>
/// <param name="Prompt">What both sides go on from: the prompt segment and, for a pair that parts later, the steps so far.</param>
/// <param name="Chosen">The preferred side: policy segments, with tool segments between them.</param>
/// <param name="Rejected">The other side, of the same form.</param>
public sealed record PreferencePair(
    string Id, string QuestionId, string Question, IReadOnlyList<Segment> Prompt, IReadOnlyList<Segment> Chosen, IReadOnlyList<Segment> Rejected)
{
    /// <summary>Kind of question, for reports.</summary>
    public string? Type { get; init; }

    /// <summary>Number of hops, when known.</summary>
    public int? Hops { get; init; }

    /// <summary>Why the chosen side is preferred, for reports.</summary>
    public string? Reason { get; init; }
}
