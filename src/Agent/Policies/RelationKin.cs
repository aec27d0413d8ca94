namespace Agentic.Agent;

/// <summary>A relation under which a sought fact may be written.</summary>
/// <param name="Relation">Its name.</param>
/// <param name="Inverse">True when the sought entity is the fact's value.</param>
/// <param name="Sex">Sex the fact's own entity must not contradict: 1 man, -1 woman, 0 either.</param>
internal readonly record struct Reading(string Relation, bool Inverse, int Sex);

/// <summary>Relations that say the same from the other side, or nearly the same, with the weight of the substitution.</summary>
internal static class RelationKin
{
    private static readonly Dictionary<string, (Reading, double)[]> Kin = new(StringComparer.Ordinal)
    {
        ["father"] = [(new("child", true, 1), 0.9), (new("parent", false, 0), 0.7)],
        ["mother"] = [(new("child", true, -1), 0.9), (new("parent", false, 0), 0.6)],
        ["parent"] = [(new("father", false, 0), 1), (new("mother", false, 0), 0.95), (new("child", true, 0), 0.9)],
        ["child"] = [(new("father", true, 0), 1), (new("mother", true, 0), 1), (new("parent", true, 0), 1)],
        ["spouse"] = [(new("spouse", true, 0), 1)],
        ["sibling"] = [(new("sibling", true, 0), 1)],
        ["nationality"] = [(new("country", false, 0), 0.8)],
        ["country"] = [(new("nationality", false, 0), 0.95)],
        ["composer"] = [(new("performer", false, 0), 0.6), (new("screenwriter", false, 0), 0.5), (new("author", false, 0), 0.5)],
        ["author"] = [(new("screenwriter", false, 0), 0.8), (new("composer", false, 0), 0.6)],
        ["screenwriter"] = [(new("author", false, 0), 0.8)],
        ["performer"] = [(new("composer", false, 0), 0.5), (new("cast member", false, 0), 0.5)],
        ["creator"] = [(new("author", false, 0), 0.7), (new("developer", false, 0), 0.7), (new("founder", false, 0), 0.6)],
        ["release date"] = [(new("date of foundation", false, 0), 0.5)],
        ["date of foundation"] = [(new("release date", false, 0), 0.6)],
        ["located in"] = [(new("headquarters", false, 0), 0.7), (new("country", false, 0), 0.5)],
        ["headquarters"] = [(new("located in", false, 0), 0.8)],
        ["team"] = [(new("member of", false, 0), 0.8)],
        ["member of"] = [(new("team", false, 0), 0.8)],
        ["employer"] = [(new("team", false, 0), 0.6)],
        ["record label"] = [(new("publisher", false, 0), 0.8), (new("distributor", false, 0), 0.7)],
        ["successor"] = [(new("predecessor", true, 0), 0.9)],
        ["predecessor"] = [(new("successor", true, 0), 0.9)],
        ["student"] = [(new("teacher", true, 0), 1)],
        ["teacher"] = [(new("student", true, 0), 1)],
    };

    /// <summary>The relation itself, then its substitutes.</summary>
    public static IEnumerable<(Reading Reading, double Weight)> Readings(string relation)
    {
        yield return (new Reading(relation, false, 0), 1);
        foreach (var kin in Kin.GetValueOrDefault(relation, []))
        {
            yield return kin;
        }
    }
}
