using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

internal static class GraphRetrieval
{
    private static readonly string[] Sets =
    [
        "multihop-2wiki1000", "multihop-2wiki-dev164", "multihop-hotpot-dev200", "multihop-hotpot-train100", "multihop-musique-dev200", "multihop-musique-train100",
    ];

    public static async Task<int> RunAsync(string root, string[] arguments)
    {
        var options = new GraphRetrieverOptions();
        string? misses = null;
        var lower = false;
        var untitled = false;
        var only = "";
        foreach (var argument in arguments)
        {
            var parts = argument.Split('=');
            switch (parts[0])
            {
                case "misses": misses = parts[1]; break;
                case "lower": lower = true; break;
                case "untitled": untitled = true; break;
                case "only": only = parts[1]; break;
                default:
                    var property = typeof(GraphRetrieverOptions).GetProperty(parts[0])!;
                    property.SetValue(options, Convert.ChangeType(parts[1], property.PropertyType, CultureInfo.InvariantCulture));
                    break;
            }
        }

        foreach (var set in Sets.Where(set => set.Contains(only, StringComparison.Ordinal)))
        {
            var chunks = Lines(Path.Combine(root, set, "corpus.jsonl.gz")).Select(row => new IndexedChunk(
                new Chunk(row.GetProperty("id").GetString()!, row.GetProperty("id").GetString()!, 0, untitled ? "" : row.GetProperty("title").GetString()!, row.GetProperty("text").GetString()!, 0, 0), [])).ToArray();
            var titles = chunks.ToDictionary(chunk => chunk.Chunk.Id, chunk => chunk.Chunk.Title);
            var clock = Stopwatch.StartNew();
            var retriever = options.Build(ChunkIndex.Of(chunks));
            var frozen = clock.Elapsed.TotalSeconds;
            var (n, r2, r5, ar5, r10, r20) = (0, 0.0, 0.0, 0.0, 0.0, 0.0);
            var questions = Lines(Path.Combine(root, set, "questions.dev.jsonl.gz")).ToArray();
            await retriever.SearchAsync("warm up", 5, default);
            var spent = 0.0;
            foreach (var question in questions)
            {
                if (question.TryGetProperty("gold_complete", out var complete) && !complete.GetBoolean())
                {
                    continue;
                }

                var gold = question.GetProperty("gold").EnumerateArray().Select(id => id.GetString()!).ToHashSet();
                var text = question.GetProperty("question").GetString()!;
                text = lower ? text.ToLowerInvariant() : text;
                clock.Restart();
                var ranking = (await retriever.SearchAsync(text, 20, default)).Select(hit => hit.Chunk.Id).ToArray();
                spent += clock.Elapsed.TotalMilliseconds;
                n++;
                r2 += Recall(ranking, gold, 2);
                r5 += Recall(ranking, gold, 5);
                r10 += Recall(ranking, gold, 10);
                r20 += Recall(ranking, gold, 20);
                ar5 += Recall(ranking, gold, 5) >= 1 ? 1 : 0;
                if (misses is not null && set.Contains(misses, StringComparison.Ordinal) && Recall(ranking, gold, 5) < 1)
                {
                    Console.WriteLine($"Q {text}");
                    foreach (var id in gold.OrderBy(id => id, StringComparer.Ordinal))
                    {
                        Console.WriteLine($"   gold {Array.IndexOf(ranking, id) + 1,3} {titles[id]}");
                    }

                    Console.WriteLine("   got  " + string.Join(" | ", ranking.Take(5).Select(id => titles[id])));
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{set,-28} n {n,4}  R@2 {100 * r2 / n:F1}  R@5 {100 * r5 / n:F1}  AR@5 {100 * ar5 / n:F1}  R@10 {100 * r10 / n:F1}  R@20 {100 * r20 / n:F1}  freeze {frozen:F2} s  {spent / n:F2} ms/q"));
        }

        return 0;
    }

    private static double Recall(string[] ranking, HashSet<string> gold, int k) => (double)ranking.Take(k).Count(gold.Contains) / gold.Count;

    private static IEnumerable<JsonElement> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return JsonDocument.Parse(line).RootElement;
        }
    }
}
