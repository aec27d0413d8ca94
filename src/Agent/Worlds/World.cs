using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A fictional world: documents, what they state, and questions about it with their gold decompositions.</summary>
/// <param name="Documents">In the order of their ids; each is one chunk of an index with default settings.</param>
/// <param name="Triplets">Every fact that a document states, with the documents that state it (a document's chunk has the document's id).</param>
/// <param name="Questions">Each answer is the only one the documents support.</param>
public sealed record World(IReadOnlyList<Document> Documents, IReadOnlyList<Triplet> Triplets, IReadOnlyList<Question> Questions);

/// <summary>More questions were asked for than a world of that size can carry.</summary>
/// <param name="asked">Questions asked for.</param>
/// <param name="documents">Documents of the world.</param>
/// <param name="most">The most that this world carries.</param>
public sealed class WorldTooSmallException(int asked, int documents, int most)
    : AgenticException($"a world of {documents} documents with this seed carries at most {most} questions, not {asked}; ask for fewer, or for more documents")
{
    /// <summary>The most questions that this world carries.</summary>
    public int Most { get; } = most;
}
