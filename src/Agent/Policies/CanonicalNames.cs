using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Names of values as the corpus writes them, so that the next step asks for the right entity: "Queen Maria Holm" is asked for by her title.</summary>
internal sealed class CanonicalNames(IEntityLinker linker)
{
    private const double Least = 0.6;
    private const double Near = 0.08;
    private const int MostLinks = 6;
    private readonly Dictionary<(string, string, string), string> _known = [];

    /// <summary>The linked name of a whole value; among namesakes the one whose bracket names the role, else the best; the value itself when nothing fits.</summary>
    /// <param name="value">As read.</param>
    /// <param name="relation">The relation it was read for, which tells namesakes apart.</param>
    /// <param name="entity">Whose value it is: a first name alone may have that one's surname.</param>
    public string Of(string value, string relation, string entity)
    {
        if (!_known.TryGetValue((value, relation, entity), out var name))
        {
            name = WithSurname(value, relation, entity) ?? Find(value, relation);
            _known.Add((value, relation, entity), name);
        }

        return name;
    }

    // "his father, Harald" in a text about Konrad Brandt: Harald Brandt, if the corpus has a text about him.
    private string? WithSurname(string value, string relation, string entity)
    {
        var bare = Subject.WithoutBracket(entity);
        if (value.Contains(' ', StringComparison.Ordinal) || !WordLists.Barriers.Contains(relation) || bare.LastIndexOf(' ') is not (> 0 and var space))
        {
            return null;
        }

        var full = $"{value}{bare[space..]}";
        return linker.Link(full, MostLinks).FirstOrDefault(link => link.IsTitled && EntityName.Key(Subject.WithoutBracket(link.Name)) == EntityName.Key(full))?.Name;
    }

    private string Find(string value, string relation)
    {
        var links = linker.Link(value, MostLinks).Where(link => link.Mention.Length >= value.Length - 1 && link.Score >= Least).ToArray();
        if (links.Length == 0)
        {
            return value;
        }

        var titled = links.Where(link => link.IsTitled).ToArray();
        links = titled.Length > 0 ? titled : links;
        var best = links.Where(link => link.Score >= links[0].Score - Near).ToArray();
        return (best.FirstOrDefault(link => BracketNames(link.Name, relation)) ?? best[0]).Name;
    }

    // "(director)" for a director; "(actor)", "(politician)" still for a person.
    private static bool BracketNames(string name, string relation)
    {
        var open = name.IndexOf(" (", StringComparison.Ordinal);
        if (open < 0)
        {
            return false;
        }

        var words = EntityName.Key(name[open..]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Any(word => relation.Contains(word, StringComparison.Ordinal)
            || (RelationLexicon.KindOf(relation) == ValueKind.Person && WordLists.PersonNouns.Contains(word)));
    }
}
