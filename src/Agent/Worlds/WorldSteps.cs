using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Writes the steps of gold decompositions: a subquery that follows from the question and what is known, and a summary that ends with what is needed next.</summary>
internal sealed class WorldSteps(WorldLexicon lexicon, WorldFacts facts)
{
    /// <summary>Asks for the value, or the values, of a relation.</summary>
    public SubQuestion Of(WorldEntity head, string relation)
    {
        var values = facts.Values(head, relation);
        var triplets = values.Select(value => facts.Triplet(head, relation, value)).ToArray();
        var answer = string.Join(" and ", values.Select(value => value.Text));
        return new SubQuestion(Subquery(head, relation), answer, GoldOf(head, triplets[0]))
        {
            Entities = [head.Name],
            Summary = lexicon.Fill(lexicon.Relation(relation).Fact, head.Name, answer),
            Triplets = [.. triplets.Select(triplet => new Fact(triplet.Head, triplet.Relation, triplet.Tail))],
        };
    }

    /// <summary>Asks for what nothing states.</summary>
    public SubQuestion Missing(WorldEntity head, string relation) => new(Subquery(head, relation), ProtocolText.NotStated, head.DocumentId)
    {
        Entities = [head.Name],
        Summary = Lacking(lexicon, head.Name, relation),
    };

    /// <summary>The summary of a step whose evidence does not state the relation.</summary>
    public static string Lacking(WorldLexicon lexicon, string head, string relation) =>
        $"The evidence does not state {lexicon.Relation(relation).Lack.Replace("{0}", lexicon.Mention(head), StringComparison.Ordinal)}.";

    /// <summary>A last step that also says what follows from the steps together.</summary>
    public static SubQuestion Concluding(SubQuestion step, string conclusion) => step with { Summary = $"{step.Summary} {WorldLexicon.Capitalized(conclusion)}" };

    private string Subquery(WorldEntity head, string relation) => lexicon.Fill(lexicon.Relation(relation).Step, head.Name);

    private static string GoldOf(WorldEntity head, Triplet triplet) =>
        triplet.SupportingChunkIds.Contains(head.DocumentId, StringComparer.Ordinal) ? head.DocumentId : triplet.SupportingChunkIds[0];
}
