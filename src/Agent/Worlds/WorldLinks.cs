using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Decides what is true of the entities of a world. A relation that is drawn not to be stated has no value: it is missing, not hidden.</summary>
internal sealed class WorldLinks(WorldLexicon lexicon, WorldFacts facts, Random random)
{
    private const int MostStated = 5;
    private const double SecondFilm = 0.5;

    /// <summary>Ends the name of a film that shares it with a novel.</summary>
    private const string Adapted = " (film)";

    private readonly ILookup<string, WorldEntity> _byKind = facts.Entities.ToLookup(entity => entity.Kind.Name, StringComparer.Ordinal);

    private readonly HashSet<WorldEntity> _leaders = [];

    public void Create()
    {
        Marry();
        foreach (var entity in facts.Entities)
        {
            foreach (var (relation, _) in entity.Kind.Has.Where(has => random.NextDouble() < has.Probability))
            {
                if (facts.Values(entity, relation).Count == 0)
                {
                    Link(entity, relation);
                }
            }

            SetYears(entity);
        }

        Succeed();
        foreach (var entity in facts.Entities)
        {
            Curb(entity);
        }
    }

    private void Link(WorldEntity head, string relation)
    {
        switch (relation)
        {
            case "date of birth":
                facts.Set(head, relation, Year(head.Year));
                break;
            case "date of death":
                facts.Set(head, relation, Year(head.Year + 45 + random.Next(40)));
                break;
            case "father" or "mother":
                SetParent(head, relation);
                break;
            case "spouse" or "office" or "successor" or "predecessor" or "release date" or "date of foundation":
                break; // they come in pairs or follow from other facts
            case "cast member":
                SetCast(head);
                break;
            case "population":
                Measure(head, relation, $"{random.Next(11, 99)}000");
                break;
            case "length":
                Measure(head, relation, $"{random.Next(101, 999)} kilometres");
                break;
            case "height":
                Measure(head, relation, $"{random.Next(1011, 8999)} metres");
                break;
            default:
                if (Draw(Candidates(head, relation)) is { } value)
                {
                    facts.Set(head, relation, WorldValue.Of(value));
                    if (relation == "leader")
                    {
                        _leaders.Add(value);
                    }
                }

                break;
        }
    }

    private IEnumerable<WorldEntity> Candidates(WorldEntity head, string relation)
    {
        var all = _byKind[lexicon.Relation(relation).Value].Where(entity => entity.Number != head.Number);
        return relation switch
        {
            "teacher" => all.Where(person => person.Era == head.Era && person.Year + 10 <= head.Year),
            "owner" => all.Where(company => facts.Value(company, "owner")?.Entity != head),
            "based on" when head.Name.EndsWith(Adapted, StringComparison.Ordinal) => all.Where(novel => novel.Name.StartsWith(head.Name[..^Adapted.Length], StringComparison.Ordinal)),
            "capital" => all.Where(city => facts.Value(city, "country") is null or { Entity: null } || facts.Value(city, "country")!.Entity == head),
            "leader" => all.Where(person => person.Era == head.Era && !_leaders.Contains(person)),
            "educated at" or "employer" or "team" or "award" or "publisher" => all.Where(house => house.Era <= head.Era),
            _ when lexicon.Relation(relation).Value == "person" => all.Where(person => person.Era == head.Era),
            _ => all,
        };
    }

    private void Marry()
    {
        var probability = _byKind["person"].FirstOrDefault()?.Kind.Has.First(has => has.Relation == "spouse").Probability ?? 0;
        foreach (var wife in _byKind["person"].Where(person => person.IsFemale))
        {
            var free = _byKind["person"].Where(man => !man.IsFemale && man.Era == wife.Era && Math.Abs(man.Year - wife.Year) <= 15 && facts.Value(man, "spouse") is null);
            if (random.NextDouble() < probability && Draw(free) is { } husband)
            {
                facts.Set(wife, "spouse", WorldValue.Of(husband));
                facts.Set(husband, "spouse", WorldValue.Of(wife));
            }
        }
    }

    private void SetParent(WorldEntity child, string relation)
    {
        var isMother = relation == "mother";
        var other = facts.Value(child, isMother ? "father" : "mother")?.Entity;
        var spouse = other is null ? null : facts.Value(other, "spouse")?.Entity;
        var parents = _byKind["person"].Where(person => person.IsFemale == isMother && person.Era == child.Era && child.Year - person.Year is >= 18 and <= 48);
        if ((spouse is not null && child.Year - spouse.Year >= 18 ? spouse : Draw(parents)) is { } parent)
        {
            facts.Set(child, relation, WorldValue.Of(parent));
        }
    }

    // Some actors play in two films, so that two films can have one in common.
    private void SetCast(WorldEntity film)
    {
        var people = _byKind["person"].Where(person => person.Era == film.Era).ToArray();
        if (people.Length < 3)
        {
            return;
        }

        var known = facts.Entities.SelectMany(other => facts.Values(other, "cast member")).Select(value => value.Entity!).Where(people.Contains).Distinct().ToArray();
        var first = known.Length > 0 && random.NextDouble() < SecondFilm ? known[random.Next(known.Length)] : people[random.Next(people.Length)];
        facts.Set(film, "cast member", WorldValue.Of(first), WorldValue.Of(Draw(people.Where(person => person != first))!));
    }

    // A work appears and a house is founded in the life of the one behind it.
    private void SetYears(WorldEntity entity)
    {
        foreach (var relation in new[] { "release date", "date of foundation" })
        {
            var probability = entity.Kind.Has.FirstOrDefault(has => has.Relation == relation).Probability;
            if (random.NextDouble() < probability)
            {
                var maker = new[] { "director", "author", "performer", "founder", "architect" }.Select(made => facts.Value(entity, made)?.Entity).FirstOrDefault(person => person is not null);
                facts.Set(entity, relation, Year(maker is null ? entity.Year : maker.Year + 22 + random.Next(35)));
            }
        }
    }

    private void Succeed()
    {
        foreach (var city in _byKind["city"])
        {
            if (facts.Value(city, "leader")?.Entity is { } mayor && facts.Value(mayor, "office") is null
                && Draw(_byKind["person"].Where(person => person != mayor && person.Era == mayor.Era && facts.Value(person, "office") is null)) is { } earlier)
            {
                facts.Set(mayor, "office", WorldValue.Of(city));
                facts.Set(mayor, "predecessor", WorldValue.Of(earlier));
                facts.Set(earlier, "office", WorldValue.Of(city));
                facts.Set(earlier, "successor", WorldValue.Of(mayor));
            }
        }
    }

    // Short documents: what is too much is not stated, and so not true.
    private void Curb(WorldEntity entity)
    {
        var stated = facts.Relations(entity).Where(relation => relation is not ("office" or "successor" or "predecessor")).ToList();
        var room = MostStated - facts.Relations(entity).Count() + stated.Count;
        while (stated.Count > room)
        {
            var at = random.Next(stated.Count);
            facts.Remove(entity, stated[at]);
            stated.RemoveAt(at);
        }
    }

    private void Measure(WorldEntity head, string relation, string text) =>
        facts.Set(head, relation, new WorldValue(text, null, int.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture)));

    private static WorldValue Year(int year) => new(year.ToString(CultureInfo.InvariantCulture), null, year);

    private WorldEntity? Draw(IEnumerable<WorldEntity> candidates)
    {
        var all = candidates.ToArray();
        return all.Length == 0 ? null : all[random.Next(all.Length)];
    }
}
