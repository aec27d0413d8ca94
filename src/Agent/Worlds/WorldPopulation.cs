using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Fills a world with entities: how many of each kind, their names, and the centuries they belong to.</summary>
/// <remarks>
/// Centuries lie far apart and people of one century keep to themselves, so that lives and works fit together and two dates that are compared
/// mostly differ in a leading digit.
/// </remarks>
internal static class WorldPopulation
{
    private const int PeopleOfAnEra = 6;
    private const int EntitiesPerNamesakes = 60;

    private static readonly int[] Centuries = [1100, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900];
    private static readonly string[] Trades = ["poet", "painter", "physician", "sailor", "judge", "weaver"];

    /// <summary>Entities without facts, people first.</summary>
    public static WorldFacts Create(WorldLexicon lexicon, int documents, WorldSplit split, Seed seed)
    {
        var random = seed.Derive("population").ToRandom();
        var mint = new NameMint(split, seed.Derive("names").ToRandom());
        var counts = Counts([.. lexicon.Kinds.Select(kind => kind.Share)], documents);
        var eras = Eras(counts[0], random);
        var facts = new WorldFacts();
        foreach (var (at, kind) in lexicon.Kinds.Index())
        {
            for (var i = 0; i < counts[at]; i++)
            {
                var era = eras[(kind.Name is "university" or "company" or "team" or "award" ? i / 2 : i) % eras.Length]; // old houses serve every century
                facts.Add(new WorldEntity(facts.Entities.Count, kind, mint.Name(kind.Names[random.Next(kind.Names.Count)]), era, era + 5 + random.Next(60))
                {
                    IsFemale = kind.IsPerson && i / eras.Length % 2 == 1,
                });
            }
        }

        NameAlike(facts, random);
        return facts;
    }

    /// <summary>Shares made whole numbers that add up, by largest remainder; at least one of each while there is room.</summary>
    internal static int[] Counts(IReadOnlyList<int> shares, int total)
    {
        var sum = shares.Sum();
        var counts = shares.Select(share => Math.Max(1, share * total / sum)).ToArray();
        var order = Enumerable.Range(0, counts.Length).OrderByDescending(i => (double)shares[i] * total / sum - counts[i]).ToArray();
        for (var i = 0; counts.Sum() < total; i++)
        {
            counts[order[i % order.Length]]++;
        }

        while (counts.Sum() > total)
        {
            counts[Array.IndexOf(counts, counts.Max())]--;
        }

        return counts;
    }

    private static int[] Eras(int people, Random random)
    {
        var centuries = Centuries.ToArray();
        random.Shuffle(centuries);
        return [.. centuries.Take(Math.Clamp(people / PeopleOfAnEra, 2, centuries.Length)).Order()];
    }

    // Namesakes are told apart by what stands in brackets, as titles of encyclopedias are: people by their trade, works by their kind.
    private static void NameAlike(WorldFacts facts, Random random)
    {
        var byKind = facts.Entities.ToLookup(entity => entity.Kind.Name, StringComparer.Ordinal);
        var (people, films, novels) = (byKind["person"].ToArray(), byKind["film"].ToArray(), byKind["novel"].ToArray());
        for (var pair = 0; pair < facts.Entities.Count / EntitiesPerNamesakes; pair++)
        {
            var trades = Trades.ToArray();
            random.Shuffle(trades);
            Rename(people[2 * pair], people[2 * pair].Name, trades[0]);
            Rename(people[(2 * pair) + 1], people[2 * pair].Name, trades[1]);
            if (pair < films.Length && pair < novels.Length)
            {
                Rename(films[pair], films[pair].Name, "film");
                Rename(novels[pair], films[pair].Name, "novel");
            }
        }

        void Rename(WorldEntity entity, string name, string mark) => facts.Entities[entity.Number] = entity with { Name = $"{name} ({mark})" };
    }
}
