using System.Diagnostics;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>Seconds from a corpus to something that can be searched and asked, and BM25's time a query; writes docs/results/indexing.json.</summary>
/// <remarks>The first run of the process pays for compiling; the later ones show what a long-lived host sees.</remarks>
internal static class IndexingBenchmark
{
    private const string Set = "multihop-2wiki1000";
    private const int Runs = 4;

    public static async Task<int> RunAsync(string data)
    {
        var questions = await QuestionFile.ReadAsync(Path.Combine(data, Set, "questions.dev.jsonl.gz"), CancellationToken.None);
        var rows = new List<Dictionary<string, object>>();
        for (var run = 1; run <= Runs; run++)
        {
            var target = Directory.CreateTempSubdirectory("agentic-indexing-");
            try
            {
                rows.Add(await MeasureAsync(run, Path.Combine(data, Set), target.FullName, questions));
                Console.WriteLine(string.Join("  ", rows[^1].Select(pair => $"{pair.Key} {pair.Value}")));
            }
            finally
            {
                target.Delete(recursive: true);
            }
        }

        BenchmarkReport.Write("indexing", "dotnet run -c Release --project tests/Benchmarks -- indexing --data DIR", rows);
        return 0;
    }

    private static async Task<Dictionary<string, object>> MeasureAsync(int run, string corpus, string target, IReadOnlyList<Question> questions)
    {
        var began = Stopwatch.GetTimestamp();
        await new IndexBuilder(new IndexBuilderOptions(), new RuleTripletExtractor()).BuildAsync(corpus, target, null, CancellationToken.None);
        var built = Stopwatch.GetElapsedTime(began);
        using var index = ChunkIndex.Open(target);
        var bm25 = new Bm25RetrieverOptions().Build(index);
        await bm25.SearchAsync(questions[0].Text, 10, CancellationToken.None);
        var searchable = Stopwatch.GetElapsedTime(began);
        GraphSnapshot.Freeze(index);
        var frozen = Stopwatch.GetElapsedTime(began);
        return new Dictionary<string, object>
        {
            ["run"] = run,
            ["set"] = Set,
            ["chunks"] = index.Chunks.Count,
            ["triplets"] = "rules",
            ["build_seconds"] = Math.Round(built.TotalSeconds, 2),
            ["searchable_seconds"] = Math.Round(searchable.TotalSeconds, 2),
            ["graph_seconds"] = Math.Round(frozen.TotalSeconds, 2),
            ["bm25_top10_ms"] = await MillisecondsAsync(bm25, questions, 10),
            ["bm25_top1000_ms"] = await MillisecondsAsync(bm25, questions, 1000),
        };
    }

    private static async Task<double> MillisecondsAsync(IRetriever retriever, IReadOnlyList<Question> questions, int limit)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var question in questions)
        {
            await retriever.SearchAsync(question.Text, limit, CancellationToken.None);
        }

        return Math.Round(Stopwatch.GetElapsedTime(began).TotalMilliseconds / questions.Count, 4);
    }
}
