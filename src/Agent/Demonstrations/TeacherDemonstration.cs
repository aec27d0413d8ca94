using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Takes what a policy wrote for a demonstration, when it came to the right answer by itself.</summary>
public static class TeacherDemonstration
{
    /// <summary>The attempt as a demonstration; null when it was cut short, forced, or its answer is not an accepted one.</summary>
    /// <param name="question">The question with its accepted answers.</param>
    /// <param name="trajectory">An attempt at it.</param>
    /// <param name="maxSteps">Most steps of the attempt, as the prompt says.</param>
    /// <param name="prompt">What is to stand in the prompt segment, whatever the teacher was told.</param>
    public static Demonstration? Of(Question question, Trajectory trajectory, int maxSteps, PromptStyle prompt)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(trajectory);
        if (trajectory.Stop != StopReason.Answered || AnswerScore.ExactMatch(trajectory.Answer, question.Answers) < 1)
        {
            return null;
        }

        var opening = new Segment(0, Author.Prompt, PromptText.Render(question.Text, maxSteps, prompt));
        var rest = trajectory.Segments.Skip(1).Select(segment => new Segment(segment.Step, segment.Author, segment.Text));
        return new Demonstration(FormattableString.Invariant($"{question.Id}-{trajectory.Attempt}"), question.Id, question.Text, prompt, [opening, .. rest], trajectory.Answer!)
        {
            Type = question.Type,
            Hops = question.Hops,
        };
    }
}
