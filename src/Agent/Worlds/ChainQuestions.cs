using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Questions that follow relations from one entity: lookups, bridges of two to four hops, and the same through those who held an office before and after.</summary>
internal sealed class ChainQuestions(WorldLexicon lexicon, WorldFacts facts)
{
    private const int LongestChain = 4;
    private const int OneOf = 8;

    private readonly WorldSteps _steps = new(lexicon, facts);

    /// <summary>True when training never has the second relation behind the first.</summary>
    public static bool IsHeldOut(string first, string second) => StableHash.Of($"{first} > {second}") % OneOf == 0;

    /// <summary>Every question of this sort, in a fixed order.</summary>
    public IEnumerable<QuestionDraft> All() => facts.Entities.SelectMany(start => From(start, [start], []));

    private IEnumerable<QuestionDraft> From(WorldEntity start, List<WorldEntity> path, List<string> relations)
    {
        var at = path[^1];
        foreach (var relation in facts.Relations(at).Select(lexicon.Relation).Where(relation => relation.Asks.Count > 0))
        {
            if (facts.Value(at, relation.Name) is not { } value || (value.Entity is not null && path.Contains(value.Entity)))
            {
                continue;
            }

            relations.Add(relation.Name);
            if (relations.Count < LongestChain || !IsTemporal(relations))
            {
                yield return Draft([.. path], [.. relations], value.Text);
            }

            if (value.Entity is { } next && relation.Roles.Count > 0 && relations.Count < LongestChain)
            {
                path.Add(next);
                foreach (var longer in From(start, path, relations))
                {
                    yield return longer;
                }

                path.RemoveAt(path.Count - 1);
            }

            relations.RemoveAt(relations.Count - 1);
        }
    }

    private static bool IsTemporal(IEnumerable<string> relations) => relations.Any(relation => relation is "successor" or "predecessor");

    private QuestionDraft Draft(WorldEntity[] path, string[] relations, string answer)
    {
        var type = IsTemporal(relations) ? QuestionDraft.Temporal
            : relations.Length == 1 ? QuestionDraft.Lookup
            : QuestionDraft.Bridge;
        var chain = relations.Select(lexicon.Relation).ToArray();
        var isComposition = relations.Zip(relations.Skip(1), IsHeldOut).Contains(true);
        return new QuestionDraft(type, relations.Length, () => [.. path.Zip(relations, _steps.Of)], answer, isComposition, wording => wording.Chain(path[0], chain));
    }
}
