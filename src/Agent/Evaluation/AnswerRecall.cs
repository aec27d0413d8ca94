using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Whether the evidence of an attempt holds the answer: what retrieval did for the policy, whatever the policy made of it.</summary>
internal static class AnswerRecall
{
    /// <summary>Null when the answer is yes, no or <see cref="ProtocolText.NotStated"/>, which no text holds; else 1 when an alias is a token sequence of an item, or 0.</summary>
    public static double? Of(Question question, Trajectory trajectory)
    {
        if (question.Answers.Count == 0 || AnswerScore.Normalize(question.Answers[0]) is "yes" or "no" or ProtocolText.NotStated)
        {
            return null;
        }

        var texts = trajectory.Steps.SelectMany(step => step.Evidence).SelectMany(Texts).Distinct(StringComparer.Ordinal).Select(AnswerScore.Tokens).ToList();
        var aliases = question.Answers.Select(AnswerScore.Tokens).Where(alias => alias.Length > 0).ToList();
        return texts.Exists(text => aliases.Exists(alias => text.AsSpan().IndexOf(alias) >= 0)) ? 1 : 0;
    }

    private static IEnumerable<string> Texts(Evidence evidence) => evidence switch
    {
        Evidence.OfChunk { Chunk: var chunk } => [chunk.Title, chunk.Text],
        Evidence.OfTriplet { Triplet: var triplet } => [triplet.Text],
        _ => [],
    };
}
