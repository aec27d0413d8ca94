namespace Agentic.Retrieval.Tests;

public sealed class IndexBuilderTests
{
    private static readonly Document[] Documents =
    [
        new("b", "Ada Lovelace", "Ada Lovelace wrote the first program."),
        new("a", "Charles Babbage", "Charles Babbage designed the Analytical Engine."),
        new("c", "Analytical Engine", "The Analytical Engine was never finished."),
    ];

    [Fact]
    public async Task What_is_built_can_be_opened_and_searched()
    {
        using var folder = new TemporaryFolder();
        var corpus = folder.WriteCorpus("corpus.jsonl", Documents);

        var report = await new IndexBuilder(new IndexBuilderOptions()).BuildAsync(corpus, folder["index"], null, TestContext.Current.CancellationToken);

        Assert.Equal(3, report.Documents);
        using var index = ChunkIndex.Open(folder["index"]);
        Assert.Equal(["a", "b", "c"], index.Chunks.Select(indexed => indexed.Chunk.Id));
        var hits = await new Bm25RetrieverOptions().Build(index).SearchAsync("who finished the analytical engines", 10, TestContext.Current.CancellationToken);
        Assert.Equal(["c", "a"], hits.Select(hit => hit.Chunk.Id));
    }
}
