using System.Diagnostics;
using System.Globalization;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Benchmarks;

/// <summary>The whole agent loop over a trained model: attempts a second by how many run side by side. Answers do not depend on that, and the run checks it.</summary>
internal static class TrajectoriesBenchmark
{
    public static async Task<int> RunAsync(string model, string indexFolder, string questionFile)
    {
        var (evidence, limits) = TrainedWith.Of(model);
        using var index = ChunkIndex.Open(indexFolder);
        var snapshot = GraphSnapshot.Freeze(index);
        var questions = await QuestionFile.ReadAsync(questionFile, default);
        var rows = new List<Dictionary<string, object>>();
        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var concurrency in new[] { 1, 16, 64 })
        {
            using var policy = (LocalPolicy)new LocalPolicyOptions { Model = model, Serving = new GeneratorOptions { MaxSequences = concurrency } }.Build(new PolicyResources(snapshot.Linker));
            var loop = limits.Build(policy, snapshot.Evidence(evidence));
            var asked = questions.Take(Math.Min(questions.Count, 8 * concurrency + 32)).ToList();
            var run = new QaEvaluationOptions { Concurrency = concurrency }.Build(loop);
            await run.RunAsync([.. asked.Take(concurrency)], null, null, default);
            var watch = Stopwatch.StartNew();
            var outcomes = (await run.RunAsync(asked, null, null, default)).Outcomes;
            var seconds = watch.Elapsed.TotalSeconds;
            answers.Add(string.Join('\n', outcomes.Take(40).Select(outcome => outcome.Trajectory.Answer)));
            var written = outcomes.Sum(outcome => outcome.Trajectory.Segments.Where(segment => segment.Author == Author.Policy).Sum(segment => segment.TokenIds?.Count ?? 0));
            rows.Add(new()
            {
                ["concurrency"] = concurrency,
                ["attempts"] = outcomes.Count,
                ["trajectories_per_second"] = Math.Round(outcomes.Count / seconds, 1),
                ["policy_tokens_per_second"] = Math.Round(written / seconds),
                ["steps"] = Math.Round(outcomes.Average(outcome => outcome.Trajectory.Steps.Count), 2),
            });
            Console.WriteLine(string.Join("  ", rows[^1].Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}"))));
        }

        if (answers.Count > 1)
        {
            Console.Error.WriteLine("answers differ between concurrencies");
            return 1;
        }

        BenchmarkReport.Write("trajectories", "dotnet run -c Release --project tests/Benchmarks -- trajectories MODEL_DIR INDEX_DIR QUESTIONS_FILE", rows);
        return 0;
    }
}
