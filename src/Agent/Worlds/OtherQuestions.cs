using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Questions for a work by its maker and its year, and questions that nothing answers.</summary>
internal sealed class OtherQuestions(WorldLexicon lexicon, WorldFacts facts)
{
    private readonly WorldSteps _steps = new(lexicon, facts);

    /// <summary>"Which film did A direct in 1523": makers of several works, each work of its own year.</summary>
    public IEnumerable<QuestionDraft> Dated()
    {
        foreach (var relation in lexicon.Relations.Where(relation => relation.Dated.Count > 0))
        {
            var works = facts.Entities.Where(work => facts.Value(work, relation.Name) is not null && facts.Value(work, "release date") is not null);
            foreach (var all in works.GroupBy(work => facts.Value(work, relation.Name)!.Entity!))
            {
                foreach (var work in all.Where(work => all.Count() > 1 && all.Count(other => YearOf(other) == YearOf(work)) == 1))
                {
                    yield return Dated(relation, all.Key, work);
                }
            }
        }
    }

    /// <summary>"Which film was directed by A and stars B": where neither alone tells.</summary>
    public IEnumerable<QuestionDraft> Joined()
    {
        var (director, cast) = ("director", lexicon.Relation("cast member"));
        var films = facts.Entities.Where(film => facts.Value(film, director) is not null && facts.Values(film, cast.Name).Count > 0).ToArray();
        foreach (var film in films)
        {
            var maker = facts.Value(film, director)!.Entity!;
            foreach (var star in facts.Values(film, cast.Name).Select(value => value.Entity!).Where(star => star != maker))
            {
                bool Stars(WorldEntity other) => facts.Values(other, cast.Name).Any(value => value.Entity == star);
                var made = films.Where(other => facts.Value(other, director)!.Entity == maker).ToArray();
                if (made.Count(Stars) == 1 && (made.Length > 1 || films.Count(Stars) > 1))
                {
                    yield return Joined(cast, maker, star, film);
                }
            }
        }
    }

    /// <summary>Questions of one or two hops whose last relation nothing states.</summary>
    public IEnumerable<QuestionDraft> Unanswerable()
    {
        var married = facts.Entities.Select(entity => facts.Value(entity, "spouse")?.Entity).OfType<WorldEntity>().ToHashSet();
        foreach (var entity in facts.Entities)
        {
            foreach (var relation in Missing(entity, married))
            {
                yield return new QuestionDraft(QuestionDraft.Unanswerable, 1, () => [_steps.Missing(entity, relation.Name)], ProtocolText.NotStated, false, wording => wording.Chain(entity, [relation]));
            }

            foreach (var first in facts.Relations(entity).Select(lexicon.Relation).Where(relation => relation.Roles.Count > 0))
            {
                if (facts.Value(entity, first.Name)?.Entity is { } bridge)
                {
                    foreach (var relation in Missing(bridge, married).Where(relation => !ChainQuestions.IsHeldOut(first.Name, relation.Name)))
                    {
                        yield return new QuestionDraft(
                            QuestionDraft.Unanswerable, 2, () => [_steps.Of(entity, first.Name), _steps.Missing(bridge, relation.Name)], ProtocolText.NotStated, false, wording => wording.Chain(entity, [first, relation]));
                    }
                }
            }
        }
    }

    // Offices are held by few; a marriage may be stated where the other one is.
    private IEnumerable<WorldRelation> Missing(WorldEntity entity, HashSet<WorldEntity> married) =>
        from has in entity.Kind.Has
        where has.Probability < 1 && facts.Values(entity, has.Relation).Count == 0 && !(has.Relation == "spouse" && married.Contains(entity))
        let relation = lexicon.Relation(has.Relation)
        where relation.Asks.Count > 0
        select relation;

    private QuestionDraft Dated(WorldRelation relation, WorldEntity maker, WorldEntity work)
    {
        var year = YearOf(work).ToString(CultureInfo.InvariantCulture);
        string Text(string form) => form.Replace("{0}", lexicon.Mention(maker.Name), StringComparison.Ordinal).Replace("{1}", year, StringComparison.Ordinal);
        SubQuestion[] Steps()
        {
            var (made, dated) = (_steps.Of(work, relation.Name), _steps.Of(work, "release date"));
            return
            [
                new SubQuestion(Text(relation.Dated[0].Text), work.Name, made.Gold)
                {
                    Entities = [maker.Name],
                    Summary = Text(relation.Happened).Replace("{2}", lexicon.Mention(work.Name), StringComparison.Ordinal),
                    Triplets = [.. made.Triplets, .. dated.Triplets],
                },
            ];
        }

        return new QuestionDraft(QuestionDraft.Temporal, 1, Steps, work.Name, false, wording => wording.Form(relation.Dated, lexicon.Mention(maker.Name), year));
    }

    private QuestionDraft Joined(WorldRelation cast, WorldEntity maker, WorldEntity star, WorldEntity film)
    {
        string Text(string form) => form.Replace("{0}", maker.Name, StringComparison.Ordinal).Replace("{1}", star.Name, StringComparison.Ordinal).Replace("{2}", film.Name, StringComparison.Ordinal);
        SubQuestion[] Steps()
        {
            var (directed, stars) = (_steps.Of(film, "director"), _steps.Of(film, cast.Name));
            return
            [
                new SubQuestion(Text(cast.Joined[0].Text), film.Name, directed.Gold)
                {
                    Entities = [maker.Name, star.Name],
                    Summary = Text(cast.Met),
                    Triplets = [.. directed.Triplets, .. stars.Triplets.Where(fact => fact.Tail == star.Name)],
                },
            ];
        }

        return new QuestionDraft(QuestionDraft.Intersection, 1, Steps, film.Name, false, wording => wording.Form(cast.Joined, maker.Name, star.Name));
    }

    private int YearOf(WorldEntity work) => facts.Value(work, "release date")!.Number;
}
