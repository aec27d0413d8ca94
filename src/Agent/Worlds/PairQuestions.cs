using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Questions about two entities of a kind: which has the smaller or greater value, is the one before the other, are they alike, what do they share.</summary>
internal sealed class PairQuestions(WorldLexicon lexicon, WorldFacts facts, Random random)
{
    /// <summary>How many others an entity is paired with.</summary>
    private const int Partners = 4;

    /// <summary>How often two dates of one century are compared, where a leading digit does not tell.</summary>
    private const double Close = 0.1;

    private readonly WorldSteps _steps = new(lexicon, facts);

    /// <summary>Comparisons whose answer is one of the two.</summary>
    public IEnumerable<QuestionDraft> Comparisons() =>
        from relation in lexicon.Relations.Where(relation => relation.Pairs["less"].Any())
        from pair in Measured(relation)
        select Comparison(relation, pair.First, pair.Second);

    /// <summary>Yes-no questions in pairs of one relation and one form, the first with the answer yes and the second with no: how it is asked tells nothing.</summary>
    public IEnumerable<(QuestionDraft Yes, QuestionDraft No)> YesNo()
    {
        foreach (var relation in lexicon.Relations.Where(relation => relation.Pairs["order"].Any()))
        {
            foreach (var twins in Twins(Measured(relation), Measured(relation), (pair, yes) => Order(relation, pair.First, pair.Second, yes)))
            {
                yield return twins;
            }
        }

        foreach (var relation in lexicon.Relations.Where(relation => relation.Pairs["same"].Any()))
        {
            foreach (var twins in Twins(Pairs(relation, (one, other) => one.Text == other.Text), Pairs(relation, (one, other) => one.Text != other.Text), (pair, yes) => Same(relation, pair.First, pair.Second, yes)))
            {
                yield return twins;
            }
        }
    }

    /// <summary>What two entities have in common, where each has several and one is shared.</summary>
    public IEnumerable<QuestionDraft> Intersections()
    {
        foreach (var relation in lexicon.Relations.Where(relation => relation.Pairs["both"].Any()))
        {
            var all = facts.Entities.Where(entity => facts.Values(entity, relation.Name).Count > 1).ToArray();
            foreach (var (i, first) in all.Index())
            {
                foreach (var second in all.Skip(i + 1))
                {
                    if (facts.Values(first, relation.Name).IntersectBy(facts.Values(second, relation.Name).Select(value => value.Text), value => value.Text).ToArray() is [var shared])
                    {
                        yield return Draft(QuestionDraft.Intersection, relation, first, second, $"{lexicon.Mention(shared.Text)} is in both.", shared.Text, "both");
                    }
                }
            }
        }
    }

    private IEnumerable<(WorldEntity First, WorldEntity Second)> Measured(WorldRelation relation) => Pairs(
        relation, (one, other) => one.Number != other.Number && (Leading(one.Number) != Leading(other.Number) || random.NextDouble() < Close));

    private IEnumerable<(WorldEntity First, WorldEntity Second)> Pairs(WorldRelation relation, Func<WorldValue, WorldValue, bool> fit)
    {
        foreach (var kind in lexicon.Kinds)
        {
            var all = facts.Entities.Where(entity => entity.Kind == kind && facts.Value(entity, relation.Name) is not null).ToArray();
            random.Shuffle(all);
            for (var i = 0; i < all.Length; i++)
            {
                var partners = all.Skip(i + 1).Where(other => fit(facts.Value(all[i], relation.Name)!, facts.Value(other, relation.Name)!)).Take(Partners);
                foreach (var other in partners)
                {
                    yield return random.Next(2) == 0 ? (all[i], other) : (other, all[i]);
                }
            }
        }
    }

    private (QuestionDraft Yes, QuestionDraft No)[] Twins(
        IEnumerable<(WorldEntity, WorldEntity)> yes, IEnumerable<(WorldEntity, WorldEntity)> no, Func<(WorldEntity First, WorldEntity Second), bool, QuestionDraft> draft)
    {
        var (these, those) = (yes.ToArray(), no.ToArray());
        random.Shuffle(these);
        random.Shuffle(those);
        return [.. these.Zip(those, (one, other) => (draft(one, true), draft(other, false)))];
    }

    private QuestionDraft Comparison(WorldRelation relation, WorldEntity first, WorldEntity second)
    {
        var (one, other) = (facts.Value(first, relation.Name)!, facts.Value(second, relation.Name)!);
        var wantsLess = random.Next(2) == 0;
        var answer = one.Number < other.Number == wantsLess ? first : second;
        return Draft(QuestionDraft.Comparison, relation, first, second, Ordered(relation, one, other), answer.Name, wantsLess ? "less" : "more");
    }

    private QuestionDraft Order(WorldRelation relation, WorldEntity first, WorldEntity second, bool yes)
    {
        if (facts.Value(first, relation.Name)!.Number < facts.Value(second, relation.Name)!.Number != yes)
        {
            (first, second) = (second, first);
        }

        return Draft(QuestionDraft.YesNo, relation, first, second, Ordered(relation, facts.Value(first, relation.Name)!, facts.Value(second, relation.Name)!), yes ? "yes" : "no", "order");
    }

    private QuestionDraft Same(WorldRelation relation, WorldEntity first, WorldEntity second, bool yes)
    {
        var (one, other) = (facts.Value(first, relation.Name)!, facts.Value(second, relation.Name)!);
        var conclusion = $"{lexicon.Mention(one.Text)} and {lexicon.Mention(other.Text)} are {(yes ? "the same" : "different")}.";
        return Draft(QuestionDraft.YesNo, relation, first, second, conclusion, yes ? "yes" : "no", "same");
    }

    private QuestionDraft Draft(string type, WorldRelation relation, WorldEntity first, WorldEntity second, string conclusion, string answer, string asked) => new(
        type,
        2,
        () => [_steps.Of(first, relation.Name), WorldSteps.Concluding(_steps.Of(second, relation.Name), conclusion)],
        answer,
        IsComposition: false,
        wording => wording.Form(relation.Pairs[asked], lexicon.Mention(first.Name), lexicon.Mention(second.Name)));

    private static string Ordered(WorldRelation relation, WorldValue one, WorldValue other)
    {
        var (less, more) = relation.Value == "year" ? ("before", "after") : ("less than", "more than");
        return $"{one.Text} is {(one.Number < other.Number ? less : more)} {other.Text}.";
    }

    // The century of a year, the first digit of a quantity.
    private static int Leading(int number)
    {
        var digits = number is >= 1000 and < 2100 ? 100 : (int)Math.Pow(10, Math.Floor(Math.Log10(number)));
        return number / digits;
    }
}
