using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

public sealed class GraphEvidenceRetrieverTests
{
    private static readonly Chunk Vale = new("vale", "vale", 0, "Nora Vale", "Nora Vale was born in Ullin.", 0, 28);
    private static readonly PathHop Hop = new("Vale", "Nora Vale", "vale", 1);

    [Theory, InlineData(EvidenceMode.Chunks), InlineData(EvidenceMode.Kag), InlineData(EvidenceMode.Top)]
    public async Task A_chunk_keeps_the_path_by_which_the_ranking_found_it(EvidenceMode mode)
    {
        var index = ChunkIndex.Of([new IndexedChunk(Vale, [new Fact("Nora Vale", "born in", "Ullin")])]);
        var snapshot = GraphSnapshot.Freeze(index);

        var found = await snapshot.Evidence(new TeaRagOptions { Mode = mode }, new FoundByPath()).RetrieveAsync(new EvidenceRequest("Where was Vale born?", []), TestContext.Current.CancellationToken);

        Assert.Equal([Hop], Assert.Single(found.Items.OfType<Evidence.OfChunk>()).Path);
    }

    private sealed class FoundByPath : IRetriever
    {
        public ValueTask<IReadOnlyList<ScoredChunk>> SearchAsync(string query, int limit, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<ScoredChunk>>([new ScoredChunk(Vale, 1, [Hop])]);
    }
}
