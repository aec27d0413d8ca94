using System.Globalization;

namespace Agentic.Agent;

/// <summary>Reads the file of kinds and relations; its form is described at its top.</summary>
internal static class WorldLexiconReader
{
    public static IEnumerable<string> EmbeddedLines()
    {
        using var stream = typeof(WorldLexiconReader).Assembly.GetManifestResourceStream("Agentic.Agent.Worlds.Data.world.txt")
            ?? throw new InvalidOperationException("The data file world.txt is not embedded.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    public static WorldLexicon Read(IEnumerable<string> lines)
    {
        var (kinds, relations) = (new List<WorldKind>(), new List<WorldRelation>());
        var section = new List<(string Key, string Value)>();
        foreach (var line in lines.Append("end").Where(line => line.Length > 0 && line[0] != '#'))
        {
            var (key, value) = line.Split(' ', 2) is [var first, var rest] ? (first, rest) : (line, "");
            if (key is "kind" or "relation" or "end" && section.Count > 0)
            {
                if (section[0].Key == "kind")
                {
                    kinds.Add(KindOf(section));
                }
                else
                {
                    relations.Add(RelationOf(section));
                }

                section.Clear();
            }

            section.Add((key, value));
        }

        return new WorldLexicon(kinds, relations);
    }

    private static WorldKind KindOf(List<(string Key, string Value)> section)
    {
        string One(string key) => section.Single(line => line.Key == key).Value;
        StatementForm[] Forms(string key) => [.. section.Where(line => line.Key == key).Select(line => FormOf(line.Value))];
        return new WorldKind(section[0].Value, int.Parse(One("share"), CultureInfo.InvariantCulture), One("name").Split(", "), One("noun"), section.Exists(line => line.Key == "article"))
        {
            Has = [.. section.Where(line => line.Key == "has").Select(line => HasOf(line.Value))],
            Openings = Forms("open"),
            Statements = Forms("say"),
            Fillers = [.. section.Where(line => line.Key == "fill").Select(line => line.Value)],
        };
    }

    private static (string Relation, double Probability) HasOf(string line)
    {
        var space = line.LastIndexOf(' ');
        return (line[..space], double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture));
    }

    private static StatementForm FormOf(string text)
    {
        var slots = new List<string>();
        for (var open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            slots.Add(text[(open + 1)..text.IndexOf('}', open)]);
        }

        return new StatementForm(
            text,
            [.. slots.Where(slot => slot is not ("s" or "s's" or "son" or "husband") && slot[0] != '^')],
            slots.Find(slot => slot[0] == '^')?[1..]);
    }

    private static WorldRelation RelationOf(List<(string Key, string Value)> section)
    {
        var space = section[0].Value.LastIndexOf(' ');
        string Last(string key) => section.LastOrDefault(line => line.Key == key).Value ?? "";
        Phrasing[] Phrasings(string key) => [.. section.Where(line => line.Key.TrimEnd('*') == key).Select(line => new Phrasing(line.Value, line.Key.EndsWith('*')))];
        return new WorldRelation(section[0].Value[..space], section[0].Value[(space + 1)..])
        {
            Roles = Phrasings("role"),
            Asks = Phrasings("ask"),
            Step = Last("step"),
            Fact = Last("fact"),
            Lack = Last("lack"),
            Pairs = section.Skip(1).ToLookup(line => line.Key.TrimEnd('*'), line => new Phrasing(line.Value, line.Key.EndsWith('*'))),
            Dated = Phrasings("dated"),
            Happened = Last("happened"),
            Joined = Phrasings("joined"),
            Met = Last("met"),
        };
    }
}
