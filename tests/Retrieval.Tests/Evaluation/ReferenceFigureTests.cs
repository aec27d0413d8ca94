using Agentic.TestSupport;

namespace Agentic.Retrieval.Tests;

/// <summary>BM25 with exact lengths and the plain analyzer over whole documents, against figures computed elsewhere on the same files.</summary>
public sealed class ReferenceFigureTests
{
    private const double TenthOfAPoint = 0.001;

    // Questions counted, R@2, R@5, AR@2, AR@5, published with the data to one tenth of a point.
    [Theory]
    [InlineData("multihop-2wiki1000", 477, 0.569, 0.684, 0.231, 0.379)]
    [InlineData("multihop-musique-train100", 50, 0.330, 0.443, 0.020, 0.100)]
    [InlineData("multihop-hotpot-train100", 48, 0.510, 0.719, 0.188, 0.500)]
    [InlineData("multihop-musique-dev200", 103, 0.382, 0.485, 0.049, 0.107)]
    [InlineData("multihop-hotpot-dev200", 107, 0.570, 0.785, 0.243, 0.598)]
    [InlineData("multihop-2wiki-dev164", 84, 0.586, 0.717, 0.274, 0.440)]
    public async Task Multi_hop_recall_equals_the_reference(string set, int questions, double r2, double r5, double ar2, double ar5)
    {
        var report = await MeasureAsync(set, "questions.dev.jsonl.gz");

        Assert.Equal(questions, report.Results.Count);
        Assert.Equal([r2, r5, ar2, ar5], [report["recall@2"], report["recall@5"], report["all_recall@2"], report["all_recall@5"]], (left, right) => Math.Abs(left - right) <= TenthOfAPoint);
    }

    [Theory]
    [InlineData("ir-scifact", "ndcg@10", 0.6922)]
    [InlineData("ir-scifact", "map", 0.6489)]
    [InlineData("ir-scifact", "r@100", 0.8967)]
    [InlineData("ir-cacm", "map", 0.2884)]
    [InlineData("ir-cacm", "p@30", 0.1467)]
    public async Task Ad_hoc_measures_equal_the_reference(string set, string measure, double expected)
    {
        var report = await MeasureAsync(set, "queries.dev.jsonl.gz");

        Assert.Equal(expected, report[measure], TenthOfAPoint);
    }

    private static async Task<RetrievalReport> MeasureAsync(string set, string questions)
    {
        var token = TestContext.Current.CancellationToken;
        var asked = await QuestionFile.ReadAsync(PublicData.Require($"{set}/{questions}"), token);
        var chunks = new List<IndexedChunk>();
        await foreach (var document in CorpusReader.Open(PublicData.Require(set)).ReadAsync(token))
        {
            chunks.Add(new IndexedChunk(new Chunk(document.Id, document.Id, 0, document.Title, document.Text, 0, document.Text.Length), []));
        }

        using var index = ChunkIndex.Of(chunks);
        var retriever = new Bm25RetrieverOptions { Analyzer = Analyzer.Plain }.Build(index);
        return await RetrievalEvaluation.RunAsync(retriever, asked, [2, 5], TimeProvider.System, token);
    }
}
