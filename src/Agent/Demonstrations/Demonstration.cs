using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A question worked through in the step protocol, as a policy is to learn it: what is trained is read off the authors of the segments.</summary>
/// <param name="Id">Unique within its file.</param>
/// <param name="QuestionId">The question it works through; several demonstrations may share one.</param>
/// <param name="Question">The question in words.</param>
/// <param name="Prompt">What stands in the prompt segment.</param>
/// <param name="Segments">The whole text in order, prompt first; token ids where they are known.</param>
/// <param name="Answer">The final answer.</param>
public sealed record Demonstration(string Id, string QuestionId, string Question, PromptStyle Prompt, IReadOnlyList<Segment> Segments, string Answer)
{
    /// <summary>Kind of question, for reports.</summary>
    public string? Type { get; init; }

    /// <summary>Number of hops, when known.</summary>
    public int? Hops { get; init; }

    /// <summary>The text of all segments, as a policy reads it.</summary>
    public string Text => string.Concat(Segments.Select(segment => segment.Text));
}
