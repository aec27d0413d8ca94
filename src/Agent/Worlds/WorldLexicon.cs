namespace Agentic.Agent;

/// <summary>A way to put something, and whether training never sees it.</summary>
internal readonly record struct Phrasing(string Text, bool HeldOut)
{
    /// <summary>A possessive reads well behind a bare name only.</summary>
    public bool NeedsName => Text.Contains("{0}'s", StringComparison.Ordinal);
}

/// <summary>A sentence of a document with slots.</summary>
/// <param name="Text">Slots in braces.</param>
/// <param name="Relations">Relations whose values it states.</param>
/// <param name="Inverse">A relation of another entity whose value is the subject, or null.</param>
internal sealed record StatementForm(string Text, IReadOnlyList<string> Relations, string? Inverse);

/// <summary>A kind of entity.</summary>
internal sealed record WorldKind(string Name, int Share, IReadOnlyList<string> Names, string Noun, bool Article)
{
    /// <summary>Relations with the probability that a document states them, in order.</summary>
    public IReadOnlyList<(string Relation, double Probability)> Has { get; init; } = [];

    public IReadOnlyList<StatementForm> Openings { get; init; } = [];

    public IReadOnlyList<StatementForm> Statements { get; init; } = [];

    public IReadOnlyList<string> Fillers { get; init; } = [];

    public bool IsPerson => Name == "person";
}

/// <summary>A relation and how it is spoken of.</summary>
/// <param name="Name">As in the relation lexicon where that knows it.</param>
/// <param name="Value">Kind of entity or measure of its values.</param>
internal sealed record WorldRelation(string Name, string Value)
{
    /// <summary>Noun phrases for the value of {0}; none for a value that is no entity.</summary>
    public IReadOnlyList<Phrasing> Roles { get; init; } = [];

    /// <summary>Questions for the value of {0}; none for a relation that is not asked for by itself.</summary>
    public IReadOnlyList<Phrasing> Asks { get; init; } = [];

    /// <summary>The subquery about {0}.</summary>
    public string Step { get; init; } = "";

    /// <summary>The summary: {1} is the value of {0}.</summary>
    public string Fact { get; init; } = "";

    /// <summary>What is missing when nothing states it.</summary>
    public string Lack { get; init; } = "";

    /// <summary>Questions about two entities by what they ask: less, more, order, same, both; empty where the relation has none.</summary>
    public ILookup<string, Phrasing> Pairs { get; init; } = Array.Empty<Phrasing>().ToLookup(_ => "");

    /// <summary>Questions for the entity whose value is {0} and whose year is {1}.</summary>
    public IReadOnlyList<Phrasing> Dated { get; init; } = [];

    /// <summary>Their summary; {2} is the entity.</summary>
    public string Happened { get; init; } = "";

    /// <summary>Questions for the entity that {0} made and {1} has a part in.</summary>
    public IReadOnlyList<Phrasing> Joined { get; init; } = [];

    /// <summary>Their summary; {2} is the entity.</summary>
    public string Met { get; init; } = "";
}

/// <summary>The kinds and relations of every world, read from the embedded file world.txt.</summary>
internal sealed class WorldLexicon
{
    private static readonly Lazy<WorldLexicon> Embedded = new(() => WorldLexiconReader.Read(WorldLexiconReader.EmbeddedLines()));

    private readonly Dictionary<string, WorldKind> _kinds;
    private readonly Dictionary<string, WorldRelation> _relations;
    private readonly string[] _articles;

    public WorldLexicon(IReadOnlyList<WorldKind> kinds, IReadOnlyList<WorldRelation> relations)
    {
        (Kinds, Relations) = (kinds, relations);
        _kinds = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);
        _relations = relations.ToDictionary(relation => relation.Name, StringComparer.Ordinal);
        _articles = [.. kinds.Where(kind => kind.Article).SelectMany(kind => kind.Names).Select(pattern => pattern.TrimStart('*'))];
    }

    public static WorldLexicon Default => Embedded.Value;

    public IReadOnlyList<WorldKind> Kinds { get; }

    public IReadOnlyList<WorldRelation> Relations { get; }

    public WorldKind Kind(string name) => _kinds[name];

    public bool IsKind(string name) => _kinds.ContainsKey(name);

    public WorldRelation Relation(string name) => _relations[name];

    public WorldRelation? Find(string name) => _relations.GetValueOrDefault(name);

    /// <summary>The kind of entity that a name's form belongs to.</summary>
    public WorldKind KindOf(string name)
    {
        var (bare, mark) = name.Split(" (") is [var before, var inside] ? (before, inside.TrimEnd(')')) : (name, "");
        return IsKind(mark) ? Kind(mark) : Kinds.FirstOrDefault(kind => kind.Names.Any(pattern => pattern.Length > "* *".Length && Fits(bare, pattern)))
            ?? Kind(bare.Contains(' ', StringComparison.Ordinal) ? "person" : "city");
    }

    /// <summary>A name as it stands in running text: some kinds take an article.</summary>
    public string Mention(string name) => Array.Exists(_articles, ending => name.EndsWith(ending, StringComparison.Ordinal)) ? $"the {name}" : name;

    /// <summary>A form with its slots filled, beginning with a capital.</summary>
    public string Fill(string form, string head, string tail = "") => Capitalized(form
        .Replace("{0}", Mention(head), StringComparison.Ordinal)
        .Replace("{1}", tail.Length == 0 ? "" : Mention(tail), StringComparison.Ordinal));

    private static bool Fits(string name, string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return name.StartsWith(pattern[..star], StringComparison.Ordinal) && name.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal);
    }

    public static string Capitalized(string sentence) => char.IsLower(sentence[0]) ? char.ToUpperInvariant(sentence[0]) + sentence[1..] : sentence;
}
