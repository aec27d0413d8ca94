using CsCheck;

namespace Agentic.Retrieval.Tests;

public sealed class RetrievalEvaluationTests : IDisposable
{
    private static readonly Dictionary<string, int> Relevant = new() { ["a"] = 1, ["b"] = 2, ["missing"] = 1 };
    private static readonly string[] Ranking = ["x", "b", "y", "a"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // b is at rank 2, a at rank 4, one of the three relevant documents is nowhere.
    [Fact]
    public void Measures_are_those_of_the_definitions()
    {
        Assert.Equal([0, 1 / 3.0, 2 / 3.0], [RankingMetrics.Recall(Ranking, Relevant, 1), RankingMetrics.Recall(Ranking, Relevant, 2), RankingMetrics.Recall(Ranking, Relevant, 9)]);
        Assert.Equal(0, RankingMetrics.AllRecall(Ranking, Relevant, 9));
        Assert.Equal(1, RankingMetrics.AllRecall(["missing", "b", "a"], Relevant, 3));
        Assert.Equal(2 / 30.0, RankingMetrics.Precision(Ranking, Relevant, 30));
        Assert.Equal(0.5, RankingMetrics.ReciprocalRank(Ranking, Relevant));
        Assert.Equal(((1 / 2.0) + (2 / 4.0)) / 3, RankingMetrics.AveragePrecision(Ranking, Relevant), 1e-15);

        // Gains 2 at rank 2 and 1 at rank 4; ideally 2, 1, 1 at ranks 1 to 3.
        var ideal = 2 + (1 / Math.Log2(3)) + (1 / 2.0);
        Assert.Equal(((2 / Math.Log2(3)) + (1 / Math.Log2(5))) / ideal, RankingMetrics.Ndcg(Ranking, Relevant, 10), 1e-15);
    }

    // Document p has the two best chunks; were k cut before chunks collapse, q would be outside the first two.
    [Fact]
    public async Task Chunks_collapse_to_documents_before_k_is_cut()
    {
        var retriever = new FixedRetriever([("p#1", "p", 3.0), ("p#0", "p", 2.0), ("q", "q", 1.0)]);

        var report = await RetrievalEvaluation.RunAsync(retriever, [Judged("1", "q")], [1, 2], TimeProvider.System, Token);

        Assert.Equal([0.0, 1.0], [report["recall@1"], report["recall@2"]]);
        Assert.Equal([new("p", 3), new("q", 1)], report.Results[0].Ranking);
        Assert.Equal(["recall@1", "all_recall@1", "recall@2", "all_recall@2", "ndcg@10", "map", "mrr", "p@30", "r@100"], report.Measures);
    }

    // 3,000 chunks of 30 documents come before document q: the first 1,000 chunks would not show it.
    [Fact]
    public async Task Documents_behind_many_chunks_are_still_found()
    {
        var retriever = new FixedRetriever([.. Enumerable.Range(0, 3000).Select(i => ($"{i:D4}", $"d{i % 30}", 1.0)), ("z", "q", 0.5)]);

        var report = await RetrievalEvaluation.RunAsync(retriever, [Judged("1", "q")], [5], TimeProvider.System, Token);

        Assert.Equal(1 / 31.0, report["mrr"], 1e-15);
    }

    [Fact]
    public async Task Questions_without_complete_gold_are_left_out()
    {
        var retriever = new FixedRetriever([("a", "a", 1)]);

        var report = await RetrievalEvaluation.RunAsync(retriever, [Judged("1", "a"), Judged("2", "b") with { GoldComplete = false }, new Question("3", "?")], [2], TimeProvider.System, Token);

        Assert.Equal(["1"], report.Results.Select(result => result.QuestionId));
        await Assert.ThrowsAsync<AgenticException>(() => RetrievalEvaluation.RunAsync(retriever, [new Question("3", "?")], [2], TimeProvider.System, Token));
    }

    [Fact]
    public async Task Run_file_has_strictly_falling_scores_and_keeps_the_order() => await Gen.Double[0, 2].Array[1, 30].SampleAsync(async scores =>
    {
        using var folder = new TemporaryFolder();
        var ranking = scores.Select(score => Math.Round(score, 1)).OrderDescending().Select((score, i) => new RankedDocument($"d{i * 17 % 31}", score)).ToList();

        await TrecRun.WriteAsync(folder["run"], [new("q 1", ranking)], "bm25", Token);
        var read = Assert.Single(await TrecRun.ReadAsync(folder["run"], Token));

        Assert.Equal("q%201", read.Key);
        Assert.Equal(ranking.Select(document => document.DocumentId), read.Value.Select(document => document.DocumentId));
        Assert.True(read.Value.Zip(read.Value.Skip(1)).All(pair => pair.First.Score > pair.Second.Score));
    }, iter: 20);

    [Fact]
    public async Task Run_line_has_the_columns_of_trec()
    {
        await TrecRun.WriteAsync(_folder["run"], [new("q", [new("d", 1.25), new("e", 1.25)])], "tag", Token);

        Assert.Equal("q Q0 d 1 1.250000 tag\nq Q0 e 2 1.249999 tag\n", await File.ReadAllTextAsync(_folder["run"], Token));
        Assert.Equal(1, (await Assert.ThrowsAsync<InputFormatException>(() => TrecRun.ReadAsync(_folder.Write("bad", "q Q0 d one"), Token))).Line);
    }

    [Fact]
    public async Task Judgements_survive_writing_and_reading()
    {
        await Qrels.WriteAsync(_folder["qrels"], [new Question("q", "?") { Relevant = Relevant }], Token);

        Assert.Equal(Relevant, (await Qrels.ReadAsync(_folder["qrels"], Token))["q"]);
        Assert.Equal(2, (await Assert.ThrowsAsync<InputFormatException>(() => Qrels.ReadAsync(_folder.Write("bad", "q 0 d 1\nq 0 d yes\n"), Token))).Line);
    }

    // A constant difference has no spread; for many differences of standard deviation s the interval is mean +- 1.96 s / sqrt(n).
    [Fact]
    public void Bootstrap_interval_is_that_of_the_normal_distribution_for_many_questions()
    {
        var seed = new Seed(7);
        Assert.Equal(new PairedDifference(0.5, 0.5, 0.5), PairedBootstrap.Compare([1, 1, 1], [0.5, 0.5, 0.5], seed));

        var random = seed.ToRandom();
        var system = Enumerable.Range(0, 2000).Select(_ => random.NextDouble()).ToArray();
        var difference = PairedBootstrap.Compare(system, new double[2000], seed);

        var half = 1.96 * Math.Sqrt(1 / 12.0 / 2000);
        Assert.Equal(system.Average(), difference.Mean, 1e-12);
        Assert.Equal(difference.Mean - half, difference.Low, 0.1 * half);
        Assert.Equal(difference.Mean + half, difference.High, 0.1 * half);
        Assert.Equal(difference, PairedBootstrap.Compare(system, new double[2000], seed));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Question Judged(string id, string gold) => new(id, "?") { Relevant = new Dictionary<string, int> { [gold] = 1 } };

    private sealed class FixedRetriever(IReadOnlyList<(string Id, string Document, double Score)> ranking) : IRetriever
    {
        public ValueTask<IReadOnlyList<ScoredChunk>> SearchAsync(string query, int limit, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<ScoredChunk>>([.. ranking.Take(limit).Select(row => new ScoredChunk(new Chunk(row.Id, row.Document, 0, "", "text", 0, 4), row.Score))]);
    }
}
