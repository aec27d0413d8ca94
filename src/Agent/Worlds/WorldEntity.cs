using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Something that has a document.</summary>
/// <param name="Number">0-based; its document's id is made from it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Title of its document and its name everywhere.</param>
/// <param name="Era">Century in which it lived or was made.</param>
/// <param name="Year">Year of birth of a person, of origin of anything else.</param>
internal sealed record WorldEntity(int Number, WorldKind Kind, string Name, int Era, int Year)
{
    /// <summary>Sex of a person.</summary>
    public bool IsFemale { get; init; }

    public string DocumentId => FormattableString.Invariant($"d{Number:0000}");
}

/// <summary>The value of a relation: an entity, or a text with its number.</summary>
/// <param name="Text">As it stands in documents, without article.</param>
/// <param name="Entity">The entity, or null.</param>
/// <param name="Number">Size of a year or quantity; 0 for an entity.</param>
internal sealed record WorldValue(string Text, WorldEntity? Entity, int Number)
{
    public static WorldValue Of(WorldEntity entity) => new(entity.Name, entity, 0);
}

/// <summary>What is true in a world while it is made: entities and the values of their relations.</summary>
internal sealed class WorldFacts
{
    private static readonly IReadOnlyList<WorldValue> None = [];

    private readonly List<Dictionary<string, List<WorldValue>>> _values = [];
    private readonly Dictionary<(int, string, string), SortedSet<string>> _support = [];

    public List<WorldEntity> Entities { get; } = [];

    public void Add(WorldEntity entity)
    {
        Entities.Add(entity);
        _values.Add(new Dictionary<string, List<WorldValue>>(StringComparer.Ordinal));
    }

    public void Set(WorldEntity head, string relation, params ReadOnlySpan<WorldValue> values) => _values[head.Number][relation] = [.. values];

    public void Remove(WorldEntity head, string relation) => _values[head.Number].Remove(relation);

    /// <summary>Values of a relation, none when it is not stated.</summary>
    public IReadOnlyList<WorldValue> Values(WorldEntity head, string relation) => _values[head.Number].GetValueOrDefault(relation) ?? None;

    /// <summary>The only value of a relation, or null.</summary>
    public WorldValue? Value(WorldEntity head, string relation) => Values(head, relation) is [var only] ? only : null;

    /// <summary>Relations of an entity that have a value, in the order of its kind.</summary>
    public IEnumerable<string> Relations(WorldEntity head) => head.Kind.Has.Select(has => has.Relation).Where(_values[head.Number].ContainsKey);

    /// <summary>Notes that a document states a fact.</summary>
    public void State(WorldEntity head, string relation, WorldValue value, WorldEntity by)
    {
        var key = (head.Number, relation, value.Text);
        if (!_support.TryGetValue(key, out var documents))
        {
            _support.Add(key, documents = new SortedSet<string>(StringComparer.Ordinal));
        }

        documents.Add(by.DocumentId);
    }

    /// <summary>A fact with the documents that state it; its own document when none was noted yet.</summary>
    public Triplet Triplet(WorldEntity head, string relation, WorldValue value) => new(
        head.Name, relation, value.Text, _support.TryGetValue((head.Number, relation, value.Text), out var documents) ? [.. documents] : [head.DocumentId]);

    /// <summary>Every fact, by entity and in the order of its kind.</summary>
    public IEnumerable<Triplet> Triplets() =>
        from head in Entities
        from relation in Relations(head)
        from value in Values(head, relation)
        select Triplet(head, relation, value);
}
