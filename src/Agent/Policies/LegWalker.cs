using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>How far a chain of relations can be followed in the evidence shown so far; a closed set.</summary>
internal abstract record WalkOutcome
{
    /// <summary>A fact is missing and has not been asked for.</summary>
    public sealed record Need(string Entity, string Relation) : WalkOutcome;

    /// <summary>The end was reached.</summary>
    /// <param name="Values">Best first.</param>
    /// <param name="Last">The entity the last relation was read from.</param>
    public sealed record Found(IReadOnlyList<BookValue> Values, string Last) : WalkOutcome;

    /// <summary>A fact was asked for and is not stated.</summary>
    /// <param name="Entity">Where the way ended.</param>
    /// <param name="Relation">What is not stated of it.</param>
    /// <param name="IsLast">True when only the last relation is missing.</param>
    public sealed record Dead(string Entity, string Relation, bool IsLast) : WalkOutcome;
}

/// <summary>Follows chains of relations through the evidence, with a second and third value where the first leads nowhere.</summary>
/// <param name="book">The facts shown.</param>
/// <param name="asked">Subqueries of the steps so far.</param>
/// <param name="mayAsk">False when no further step is possible: what is missing is then not stated.</param>
/// <param name="names">How the corpus writes a value's name.</param>
internal sealed class LegWalker(EvidenceBook book, IReadOnlySet<string> asked, bool mayAsk, CanonicalNames names)
{
    private const double SureEnough = 0.72;
    private const double GoodEnd = 0.3;
    private const int MostValues = 3;
    private const double LeastShare = 0.6;
    private const double SameEntity = 0.9;

    /// <summary>The best outcome over the leg's alternative chains: the first that is found or needs a step, else the first that died.</summary>
    public WalkOutcome Walk(Leg leg)
    {
        WalkOutcome? dead = null;
        foreach (var chain in leg.Chains)
        {
            var outcome = Walk([leg.Entity], chain, 0);
            if (outcome is not WalkOutcome.Dead)
            {
                return outcome;
            }

            dead ??= outcome;
        }

        return dead ?? new WalkOutcome.Found([new BookValue(leg.Entity, 1, leg.Entity)], leg.Entity);
    }

    // The way so far ends in the entity to ask about; what was passed before is no answer again.
    private WalkOutcome Walk(string[] way, IReadOnlyList<string> chain, int at)
    {
        var entity = way[^1];
        if (at == chain.Count)
        {
            return new WalkOutcome.Found([new BookValue(entity, 1, entity)], entity);
        }

        var relation = chain[at];
        BookValue[] values = [.. book.Find(entity, relation, way.AsSpan(..^1)).Where(value => !way.Any(passed => EntityMatch.Score(passed, value.Text) >= SameEntity))];
        if (mayAsk && !asked.Contains(RelationLexicon.Ask(relation, entity)) && (values.Length == 0 || values[0].Score < SureEnough))
        {
            return new WalkOutcome.Need(entity, relation);
        }

        if (values.Length == 0)
        {
            return new WalkOutcome.Dead(entity, relation, at == chain.Count - 1);
        }

        return at == chain.Count - 1 ? new WalkOutcome.Found(values, entity) : Onward(way, values, chain, at + 1);
    }

    private WalkOutcome Onward(string[] way, BookValue[] values, IReadOnlyList<string> chain, int at)
    {
        WalkOutcome? best = null;
        foreach (var value in values.Take(MostValues).Where(value => value.Score >= LeastShare * values[0].Score))
        {
            var outcome = Walk([.. way, names.Of(value.Text, chain[at - 1], way[^1])], chain, at);
            if (outcome is WalkOutcome.Need || (outcome is WalkOutcome.Found found && found.Values[0].Score >= GoodEnd))
            {
                return outcome;
            }

            best = best is null || (best is WalkOutcome.Dead && outcome is WalkOutcome.Found) ? outcome : best;
        }

        return best!;
    }
}
