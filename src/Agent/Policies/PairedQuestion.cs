using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Questions about two names that are neither a choice nor a likeness: the order of two dates, and what both have in common.</summary>
internal static class PairedQuestion
{
    /// <summary>"Was A launched before B was finished", "is A older than B"; null when the question does not order two dates.</summary>
    /// <param name="items">The question, which has no question word.</param>
    /// <param name="legs">Legs of the names at <paramref name="first"/> and <paramref name="second"/>.</param>
    public static SymbolicPlan? Order(IReadOnlyList<QuestionItem> items, int first, int second, (Leg First, Leg Second) legs)
    {
        var at = Enumerable.Range(0, items.Count).LastOrDefault(i => i > first && i < second && items[i].IsWord && ComparisonLexicon.TryRead(items[i].Text, out _), -1);
        if (at < 0 || !ComparisonLexicon.TryRead(items[at].Text, out var comparator) || comparator.Relations.Contains("population"))
        {
            return null;
        }

        var usual = comparator.Relations[0];
        var one = DateOf(items, first + 1, at);
        var other = DateOf(items, second + 1, items.Count);
        return new SymbolicPlan.Order(legs.First.Then(one ?? other ?? usual), legs.Second.Then(other ?? one ?? usual), comparator.Least);
    }

    /// <summary>"Who acted in both A and B", "where were both A and the founder of B born"; null when nothing is asked of both.</summary>
    public static SymbolicPlan? Shared(IReadOnlyList<QuestionItem> items, int first, int second, (Leg First, Leg Second) legs)
    {
        var both = Enumerable.Range(0, first).LastOrDefault(i => items[i].IsWord && items[i].Text == "both", -1);
        if (both < 0)
        {
            return null;
        }

        QuestionItem[] asked = [.. items.Take(both), items[second], .. items.Skip(second + 1)];
        if (NestedQuestion.Read(asked) is not { } outer)
        {
            return legs.First.Chains[0].Count > 0 && legs.Second.Chains[0].Count > 0 ? new SymbolicPlan.Shared(legs.First, legs.Second) : null;
        }

        return new SymbolicPlan.Shared(Through(legs.First, outer), Through(legs.Second, outer));
    }

    private static Leg Through(Leg leg, Leg outer) => leg with { Chains = Leg.Combine([leg.Chains, outer.Chains]) };

    // The date the verb between two places of the question asks for; an unknown verb is asked for in its own word.
    private static string? DateOf(IReadOnlyList<QuestionItem> items, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (items[i].IsWord && !FunctionWords.Contains(items[i].Text) && !ComparisonLexicon.TryRead(items[i].Text, out _))
            {
                return RelationLexicon.TryReadVerb("when", items[i].Text, out var relation) ? relation
                    : IrregularVerbs.IsPast(items[i].Text) ? $"When was {{0}} {items[i].Text}?" : null;
            }
        }

        return null;
    }
}
