namespace Agentic.Retrieval;

/// <summary>Finds the entities of the graph that a text names.</summary>
/// <remarks>Safe for concurrent use and deterministic; best first, ties by ordinal name.</remarks>
public interface IEntityLinker
{
    /// <summary>At most <paramref name="limit"/> entities named in <paramref name="text"/>.</summary>
    IReadOnlyList<LinkedEntity> Link(string text, int limit);
}

/// <summary>An entity found in a text.</summary>
/// <param name="Name">The entity as the corpus writes it (for a titled one, its title).</param>
/// <param name="Mention">The words of the text that name it.</param>
/// <param name="Start">Offset of the mention in the text.</param>
/// <param name="Score">Confidence in (0, 1]; 1 for an exact title.</param>
public sealed record LinkedEntity(string Name, string Mention, int Start, double Score)
{
    /// <summary>True when a document has the entity for its title.</summary>
    public bool IsTitled { get; init; }
}
