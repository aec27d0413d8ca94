using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>BM25 with whole documents as chunks on the public sets: both analyzers, exact and stock lengths; writes docs/results/bm25.json.</summary>
internal static class RetrievalBenchmark
{
    private static readonly (string Folder, string Questions)[] Sets =
    [
        ("multihop-2wiki1000", "questions.dev.jsonl.gz"),
        ("multihop-musique-train100", "questions.dev.jsonl.gz"),
        ("multihop-hotpot-train100", "questions.dev.jsonl.gz"),
        ("multihop-musique-dev200", "questions.dev.jsonl.gz"),
        ("multihop-hotpot-dev200", "questions.dev.jsonl.gz"),
        ("multihop-2wiki-dev164", "questions.dev.jsonl.gz"),
        ("ir-scifact", "queries.dev.jsonl.gz"),
        ("ir-cacm", "queries.dev.jsonl.gz"),
    ];

    public static async Task<int> RunAsync(string data)
    {
        var rows = new List<Dictionary<string, object>>();
        foreach (var (folder, questions) in Sets)
        {
            var path = Path.Combine(data, folder);
            var asked = await QuestionFile.ReadAsync(Path.Combine(path, questions), CancellationToken.None);
            var target = Directory.CreateTempSubdirectory("agentic-bm25-");
            try
            {
                var options = new IndexBuilderOptions { Chunking = new ChunkerOptions { ChunkTokens = 8192 } };
                await new IndexBuilder(options).BuildAsync(path, target.FullName, null, CancellationToken.None);
                using var index = ChunkIndex.Open(target.FullName);
                rows.AddRange(await MeasureAsync(folder, index, asked));
            }
            finally
            {
                target.Delete(recursive: true);
            }
        }

        BenchmarkReport.Write("bm25", "dotnet run -c Release --project tests/Benchmarks -- retrieval --data DIR", rows);
        return 0;
    }

    private static async Task<List<Dictionary<string, object>>> MeasureAsync(string set, ChunkIndex index, IReadOnlyList<Question> questions)
    {
        var rows = new List<Dictionary<string, object>>();
        foreach (var analyzer in new[] { Analyzer.Plain, Analyzer.English })
        {
            foreach (var similarity in new[] { LengthNorm.Exact, LengthNorm.Stock })
            {
                var retriever = new Bm25RetrieverOptions { Analyzer = analyzer, Similarity = similarity }.Build(index);
                var report = await RetrievalEvaluation.RunAsync(retriever, questions, [2, 5], TimeProvider.System, CancellationToken.None);
                var row = new Dictionary<string, object>
                {
                    ["set"] = set,
                    ["analyzer"] = analyzer.ToString().ToLowerInvariant(),
                    ["similarity"] = similarity.ToString().ToLowerInvariant(),
                    ["chunks"] = index.Chunks.Count,
                    ["questions"] = report.Results.Count,
                };
                foreach (var measure in report.Measures)
                {
                    row[measure] = Math.Round(report[measure], 4);
                }

                Console.WriteLine(string.Join("  ", row.Values));
                rows.Add(row);
            }
        }

        return rows;
    }
}
