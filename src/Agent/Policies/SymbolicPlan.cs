using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What a question asks, as the symbolic policy understands it; a closed set.</summary>
internal abstract record SymbolicPlan
{
    /// <summary>One entity and the relations to follow from it: "when did A's mother die".</summary>
    public sealed record Chain(Leg Leg) : SymbolicPlan;

    /// <summary>Which of two has the smaller or greater value.</summary>
    /// <param name="Relations">What is compared, tried in order.</param>
    /// <param name="Least">True when the smaller value wins.</param>
    /// <param name="Count">True when the number of values is compared.</param>
    public sealed record Compare(Leg First, Leg Second, IReadOnlyList<string> Relations, bool Least, bool Count) : SymbolicPlan;

    /// <summary>Whether two share a value: "are A and B from the same country".</summary>
    public sealed record Same(Leg First, Leg Second, string Relation) : SymbolicPlan;

    /// <summary>Whether one date is before or after another: "was A launched before B was finished".</summary>
    /// <param name="First">Ends in the relation that gives the first date.</param>
    /// <param name="Second">The same for the second.</param>
    /// <param name="Before">True when yes means that the first is the earlier.</param>
    public sealed record Order(Leg First, Leg Second, bool Before) : SymbolicPlan;

    /// <summary>The value that two chains have in common: "who acted in both A and B".</summary>
    public sealed record Shared(Leg First, Leg Second) : SymbolicPlan;

    /// <summary>Whether two both have a property said in words: "are A and B both flowering plants".</summary>
    public sealed record Property(Leg First, Leg Second, IReadOnlyList<string> Words) : SymbolicPlan;

    /// <summary>Which of two fits a description: "which played in a band, A or B".</summary>
    public sealed record Choose(Leg First, Leg Second, IReadOnlyList<string> Words) : SymbolicPlan;

    /// <summary>Nothing of the above: the best span of the wanted type is looked for.</summary>
    public sealed record General(IReadOnlyList<string> Names) : SymbolicPlan;
}

/// <summary>An entity named in the question and the relations that lead from it.</summary>
/// <param name="Entity">Name as the question writes it.</param>
/// <param name="Chains">Alternative chains of relations, the most usual first; one empty chain stands for the entity itself.</param>
internal sealed record Leg(string Entity, IReadOnlyList<IReadOnlyList<string>> Chains)
{
    /// <summary>The leg with one more relation at the end of each chain.</summary>
    public Leg Then(string relation) => this with { Chains = [.. Chains.Select(chain => (IReadOnlyList<string>)[.. chain, relation])] };

    /// <summary>"In which county was A born": the county in which the place of birth lies, or the place itself when that is not stated.</summary>
    public Leg Within(string noun) =>
        noun is "county" or "province" or "state" or "district" or "region" && Chains[0][^1] != "located in" && RelationLexicon.KindOf(Chains[0][^1]) == ValueKind.Place
            ? this with { Chains = [.. Then("located in").Chains, .. Chains] }
            : this;

    /// <summary>Every way to follow the roles one after the other.</summary>
    /// <param name="roles">Innermost first, each with its alternative chains.</param>
    public static IReadOnlyList<string>[] Combine(IEnumerable<IReadOnlyList<IReadOnlyList<string>>> roles)
    {
        IReadOnlyList<string>[] chains = [[]];
        foreach (var role in roles)
        {
            chains = [.. chains.SelectMany(chain => role.Select(next => (IReadOnlyList<string>)[.. chain, .. next]))];
        }

        return chains;
    }

    /// <summary>Two legs of one question: one without relations takes those of the other, or the roles that belong to both ("the directors of A and B").</summary>
    public static (Leg First, Leg Second) Share(Leg first, Leg second, IReadOnlyList<IReadOnlyList<string>>[] free)
    {
        if (first.Chains[0].Count == 0 && second.Chains[0].Count == 0 && free.Length > 0)
        {
            return (first with { Chains = Combine(free) }, second with { Chains = Combine(free) });
        }

        return first.Chains[0].Count == 0 ? (first with { Chains = second.Chains }, second)
            : second.Chains[0].Count == 0 ? (first, second with { Chains = first.Chains })
            : (first, second);
    }
}
