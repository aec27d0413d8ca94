using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>A thing named by facts of the corpus: a node of the <see cref="KnowledgeGraph"/>.</summary>
/// <remarks>Compared by reference: one graph holds one object an entity.</remarks>
public sealed class GraphEntity
{
    internal GraphEntity(int number, string name, string key, IReadOnlyList<int> triplets, IReadOnlyList<string> supportingChunkIds)
    {
        Number = number;
        Name = name;
        Key = key;
        Triplets = triplets;
        SupportingChunkIds = supportingChunkIds;
    }

    /// <summary>Position in <see cref="KnowledgeGraph.Entities"/>.</summary>
    public int Number { get; }

    /// <summary>The spelling most facts use; the ordinally first of equally frequent ones.</summary>
    public string Name { get; }

    /// <summary>Its identity: <see cref="EntityName.Key"/> of every spelling.</summary>
    public string Key { get; }

    /// <summary>Positions in <see cref="KnowledgeGraph.Triplets"/> of the triplets with this head or tail, rising.</summary>
    public IReadOnlyList<int> Triplets { get; }

    /// <summary>Chunks that support one of <see cref="Triplets"/>; ordinal order, never empty.</summary>
    public IReadOnlyList<string> SupportingChunkIds { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
