using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The summary of a step: the fact that answers its subquery, or that the evidence does not state it.</summary>
internal static class StepSummary
{
    public static string Of(EvidenceBook book, Step step, SymbolicMove move)
    {
        if (step.KeyEntities is [var entity, ..] && RelationLexicon.AskedBy(step.Subquery, entity) is { } relation)
        {
            return book.Find(entity, relation) is [var best, ..]
                ? $"<{best.Source}> The answer is {best.Text}."
                : $"The evidence does not state the {relation} of {entity}.";
        }

        return move is SymbolicMove.Answer answer && answer.Text != ProtocolText.NotStated ? $"The answer is {answer.Text}." : "The evidence does not state it.";
    }
}
