using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A step as it will be demonstrated.</summary>
/// <param name="Entities">The names of its entity line.</param>
/// <param name="Subquery">What it asks.</param>
/// <param name="Summary">What it concludes when its evidence shows <paramref name="Needed"/>.</param>
/// <param name="Needed">Facts the evidence has to show; none for a step that nothing answers.</param>
internal sealed record PlannedStep(IReadOnlyList<string> Entities, string Subquery, string Summary, IReadOnlyList<Fact> Needed)
{
    /// <summary>True for a step that the answer does not rest on.</summary>
    public bool IsNeedless { get; init; }

    /// <summary>What it concludes when the evidence does not show them; null when such a demonstration is of no use.</summary>
    public string? Otherwise { get; init; }

    /// <summary>True for a step written without its line of entities.</summary>
    public bool LacksEntityLine { get; init; }
}

/// <summary>Lays out the steps of a demonstration: the gold ones, and the imperfections drawn for it.</summary>
internal sealed class GoldPlan(WorldLexicon lexicon, ILookup<string, Triplet> byHead, DemonstrationOptions options, Random random)
{
    /// <summary>The steps in order, at most as many as an attempt may have; null when the gold ones are more.</summary>
    public IReadOnlyList<PlannedStep>? Of(Question question)
    {
        var gold = question.Decomposition.Select(Gold).ToArray();
        var room = options.MaxSteps - gold.Length;
        if (room < 0)
        {
            return null;
        }

        if (random.NextDouble() < options.DirectShare)
        {
            return gold;
        }

        var steps = new List<PlannedStep>();
        var isRepeated = false;
        foreach (var step in gold)
        {
            foreach (var needless in Before(step))
            {
                if (room-- > 0)
                {
                    steps.Add(needless);
                }
            }

            steps.Add(step);
            if (!isRepeated && random.NextDouble() < options.RepeatedStep && room-- > 0)
            {
                // The loop lets one repetition pass.
                isRepeated = true;
                steps.Add(step);
            }
        }

        return [.. steps.Select(step => random.NextDouble() < options.MissingEntityLine ? step with { LacksEntityLine = true } : step)];
    }

    private static PlannedStep Gold(SubQuestion step) => new(step.Entities, step.Text, step.Summary ?? step.Answer, step.Triplets);

    private IEnumerable<PlannedStep> Before(PlannedStep step)
    {
        var entity = step.Entities[0];
        if (random.NextDouble() < options.NeedlessStep)
        {
            yield return WhatIsKnown(entity, step);
        }

        var asked = step.Needed.Count > 0 ? step.Needed[0].Relation : "";
        var others = lexicon.Relations.Where(relation => relation.Name != asked && byHead[entity].Any(triplet => triplet.Relation == relation.Name) && relation.Step.Length > 0).ToArray();
        if (random.NextDouble() < options.WrongSubquery && others.Length > 0)
        {
            yield return Wrong(entity, others[random.Next(others.Length)]);
        }
    }

    private PlannedStep WhatIsKnown(string entity, PlannedStep before)
    {
        var known = byHead[entity].Where(triplet => !before.Needed.Any(fact => fact.Relation == triplet.Relation) && lexicon.Find(triplet.Relation) is { Fact.Length: > 0 }).ToArray();
        var subquery = $"What is known about {lexicon.Mention(entity)}?";
        var nothing = $"The evidence speaks of {lexicon.Mention(entity)}.";
        if (known.Length == 0)
        {
            return new PlannedStep([entity], subquery, nothing, []) { IsNeedless = true };
        }

        var chosen = known[random.Next(known.Length)];
        return new PlannedStep([entity], subquery, Statement(chosen), [FactOf(chosen)]) { IsNeedless = true, Otherwise = nothing };
    }

    private PlannedStep Wrong(string entity, WorldRelation relation)
    {
        var fact = byHead[entity].First(triplet => triplet.Relation == relation.Name);
        return new PlannedStep([entity], lexicon.Fill(relation.Step, entity), Statement(fact), [FactOf(fact)])
        {
            IsNeedless = true,
            Otherwise = WorldSteps.Lacking(lexicon, entity, relation.Name),
        };
    }

    private string Statement(Triplet triplet) => lexicon.Fill(lexicon.Relation(triplet.Relation).Fact, triplet.Head, triplet.Tail);

    private static Fact FactOf(Triplet triplet) => new(triplet.Head, triplet.Relation, triplet.Tail);
}
