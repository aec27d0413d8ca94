using System.Diagnostics;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>
/// Recall of bm25, title-hop and graph with whole documents as chunks on the development halves, with paired bootstrap intervals, and under stress:
/// titles removed, corpora merged, questions in lower case, plain search queries. Writes docs/results/graph-retrieval.json.
/// </summary>
internal static class GraphRetrieval
{
    private const string QuestionsFile = "questions.dev.jsonl.gz";
    private static readonly Seed Bootstrap = new(1);

    private static readonly string[] Sets =
    [
        "multihop-2wiki1000", "multihop-hotpot-dev200", "multihop-musique-dev200", "multihop-musique-train100", "multihop-hotpot-train100", "multihop-2wiki-dev164",
    ];

    private static readonly string[] SearchSets = ["ir-scifact", "ir-cacm"];

    public static async Task<int> RunAsync(string data)
    {
        var rows = new List<Dictionary<string, object>>();
        foreach (var set in Sets)
        {
            var documents = await DocumentsAsync(data, set);
            var questions = await QuestionFile.ReadAsync(Path.Combine(data, set, QuestionsFile), CancellationToken.None);
            await MeasureAsync(rows, set, "none", documents, questions);
            await MeasureAsync(rows, set, "titles removed", documents.ConvertAll(document => document with { Title = "" }), questions);
            await MeasureAsync(rows, set, "questions in lower case", documents, [.. questions.Select(question => question with { Text = question.Text.ToLowerInvariant() })]);
        }

        await MeasureMergedAsync(rows, data);
        foreach (var set in SearchSets)
        {
            await MeasureAsync(rows, set, "none", await DocumentsAsync(data, set), await QuestionFile.ReadAsync(Path.Combine(data, set, "queries.dev.jsonl.gz"), CancellationToken.None));
        }

        BenchmarkReport.Write("graph-retrieval", "dotnet run -c Release --project tests/Benchmarks -- graph-retrieval --data DIR", rows);
        return 0;
    }

    // The set that shares its source with another is left out, or gold chunks would have doubles without gold.
    private static async Task MeasureMergedAsync(List<Dictionary<string, object>> rows, string data)
    {
        var documents = new List<Document>();
        foreach (var set in Sets[..^1])
        {
            documents.AddRange((await DocumentsAsync(data, set)).Select(document => document with { Id = $"{set}/{document.Id}" }));
        }

        foreach (var set in Sets[..^1])
        {
            var questions = await QuestionFile.ReadAsync(Path.Combine(data, set, QuestionsFile), CancellationToken.None);
            await MeasureAsync(rows, set, "five corpora merged", documents, [.. questions.Select(question => question with
            {
                Relevant = question.Relevant.ToDictionary(gold => $"{set}/{gold.Key}", gold => gold.Value, StringComparer.Ordinal),
            })]);
        }
    }

    private static async Task MeasureAsync(List<Dictionary<string, object>> rows, string set, string stress, List<Document> documents, IReadOnlyList<Question> questions)
    {
        var chunks = documents.ConvertAll(document =>
            new IndexedChunk(new Chunk(document.Id, document.Id, 0, document.Title, document.Text, 0, document.Text.Length), []));
        var reports = new Dictionary<string, RetrievalReport>(StringComparer.Ordinal);
        foreach (var (name, options) in new (string, RetrieverOptions)[]
        {
            ("bm25", new Bm25RetrieverOptions()), ("title-hop", new TitleHopRetrieverOptions()), ("graph", new GraphRetrieverOptions()),
        })
        {
            // An index of its own, for whoever asks first freezes what others share.
            using var index = ChunkIndex.Of(chunks);
            var began = Stopwatch.GetTimestamp();
            var retriever = options.Build(index);
            await retriever.SearchAsync("warm", 1, CancellationToken.None);
            var frozen = Stopwatch.GetElapsedTime(began).TotalSeconds;
            reports[name] = await RetrievalEvaluation.RunAsync(retriever, questions, [2, 5], TimeProvider.System, CancellationToken.None);
            rows.Add(Row(set, stress, name, chunks.Count, frozen, await MillisecondsAsync(retriever, questions), reports));
            Console.WriteLine(string.Join("  ", rows[^1].Values.Where(value => value is not double[])));
        }
    }

    /// <summary>Wall and processor time a query of a search for ten chunks with the explanations of the first five, after a warm run.</summary>
    private static async Task<(double Wall, double Processor)> MillisecondsAsync(IRetriever retriever, IReadOnlyList<Question> questions)
    {
        using var process = Process.GetCurrentProcess();
        var (began, processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        foreach (var question in questions)
        {
            var found = await retriever.SearchAsync(question.Text, 10, CancellationToken.None);
            _ = found.Take(5).Sum(scored => scored.Path?.Count ?? 0);
        }

        var wall = Stopwatch.GetElapsedTime(began);
        process.Refresh();
        return (wall.TotalMilliseconds / questions.Count, (process.TotalProcessorTime - processor).TotalMilliseconds / questions.Count);
    }

    private static Dictionary<string, object> Row(
        string set, string stress, string retriever, int chunks, double frozen, (double Wall, double Processor) milliseconds, Dictionary<string, RetrievalReport> reports)
    {
        var report = reports[retriever];
        var row = new Dictionary<string, object>
        {
            ["set"] = set,
            ["stress"] = stress,
            ["retriever"] = retriever,
            ["chunks"] = chunks,
            ["questions"] = report.Results.Count,
            ["freeze_seconds"] = Math.Round(frozen, 2),
            ["ms_per_query"] = Math.Round(milliseconds.Wall, 3),
            ["processor_ms_per_query"] = Math.Round(milliseconds.Processor, 3),
        };
        foreach (var measure in new[] { "recall@2", "recall@5", "all_recall@5", "ndcg@10", "map" })
        {
            row[measure] = Math.Round(report[measure], 4);
        }

        foreach (var (baseline, other) in reports.Where(other => other.Key != retriever))
        {
            foreach (var measure in new[] { "recall@2", "recall@5", "ndcg@10" })
            {
                var difference = PairedBootstrap.Compare(report.Values(measure), other.Values(measure), Bootstrap);
                row[$"{measure}-{baseline}"] = new[] { Math.Round(difference.Mean, 4), Math.Round(difference.Low, 4), Math.Round(difference.High, 4) };
            }
        }

        return row;
    }

    private static async Task<List<Document>> DocumentsAsync(string data, string set)
    {
        var documents = new List<Document>();
        await foreach (var document in CorpusReader.Open(Path.Combine(data, set, "corpus.jsonl.gz")).ReadAsync(CancellationToken.None))
        {
            documents.Add(document);
        }

        return documents;
    }
}
