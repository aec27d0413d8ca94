using System.Globalization;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Benchmarks;

/// <summary>
/// Trained policies in the whole agent loop on a test world: by hops, by kind of question, on what training never saw, and on the questions worded by hand;
/// the symbolic policy beside them on the same index.
/// </summary>
internal static class WorldPolicyBenchmark
{
    /// <summary>A third of the questions each with unseen names only, an unseen phrasing, an unseen chain: over 300 of each of one, two and three hops.</summary>
    private static readonly WorldOptions Test = new() { Split = WorldSplit.Test, HeldOut = HeldOut.Template | HeldOut.Composition, Documents = 1_500, Questions = 4_200 };

    /// <summary>Kinds with two possible answers, where guessing is right half of the time.</summary>
    private static readonly string[] TwoWay = ["comparison", "yes_no"];

    public static async Task<int> RunAsync(IReadOnlyList<string> models)
    {
        var rows = new List<Dictionary<string, object>>();
        var generated = new WorldGenerator(Test).Generate(new Seed(101));
        var paraphrased = await WorldFolder.ReadAsync(Path.Combine(BenchmarkReport.Root, "corpora", "worlds", "paraphrased"), default);
        foreach (var (name, world) in new[] { ("test world", generated), ("worded by hand", paraphrased) })
        {
            var chunker = new Chunker(new ChunkerOptions());
            var extractor = new RuleTripletExtractor();
            using var index = ChunkIndex.Of(from document in world.Documents from chunk in chunker.Cut(document) select new IndexedChunk(chunk, extractor.Extract(chunk)));
            var snapshot = GraphSnapshot.Freeze(index);
            foreach (var model in models)
            {
                rows.AddRange(await OfModelAsync(name, world.Questions, snapshot, model));
            }

            var symbolic = new SymbolicPolicyOptions().Build(new PolicyResources(snapshot.Linker));
            rows.AddRange(Rows(name, "symbolic", await OutcomesAsync(new AgentLoopOptions().Build(symbolic, snapshot.Evidence(new TeaRagOptions())), world.Questions, 2)));
        }

        BenchmarkReport.Write("world-policy", "dotnet run -c Release --project tests/Benchmarks -- world-policy MODEL_DIR ...", rows);
        return 0;
    }

    private static async Task<IEnumerable<Dictionary<string, object>>> OfModelAsync(string set, IReadOnlyList<Question> questions, GraphSnapshot snapshot, string model)
    {
        var (evidence, limits) = TrainedWith.Of(model);
        using var policy = (LocalPolicy)new LocalPolicyOptions { Model = model }.Build(new PolicyResources(snapshot.Linker));
        var outcomes = await OutcomesAsync(limits.Build(policy, snapshot.Evidence(evidence)), questions, 64);
        return Rows(set, Path.GetFileName(Path.TrimEndingDirectorySeparator(model)), outcomes);
    }

    private static async Task<IReadOnlyList<QaOutcome>> OutcomesAsync(AgentLoop loop, IReadOnlyList<Question> questions, int concurrency) =>
        (await new QaEvaluationOptions { Concurrency = concurrency }.Build(loop).RunAsync(questions, null, null, default)).Outcomes;

    private static IEnumerable<Dictionary<string, object>> Rows(string set, string policy, IReadOnlyList<QaOutcome> outcomes)
    {
        foreach (var part in outcomes.GroupBy(outcome => outcome.Question.HeldOut ?? "none").OrderBy(part => part.Key == "none" ? 0 : 1).ThenBy(part => part.Key, StringComparer.Ordinal))
        {
            yield return Row(set, policy, part.Key, "all", [.. part]);
            yield return Row(set, policy, part.Key, "two-way", [.. part.Where(outcome => TwoWay.Contains(outcome.Question.Type))]);
            foreach (var hops in part.GroupBy(outcome => outcome.Question.Hops ?? 0).OrderBy(hops => hops.Key))
            {
                yield return Row(set, policy, part.Key, string.Create(CultureInfo.InvariantCulture, $"{hops.Key} hops"), [.. hops]);
            }

            foreach (var type in part.GroupBy(outcome => outcome.Question.Type ?? "").OrderBy(type => type.Key, StringComparer.Ordinal))
            {
                yield return Row(set, policy, part.Key, type.Key, [.. type]);
            }
        }
    }

    private static Dictionary<string, object> Row(string set, string policy, string heldOut, string group, IReadOnlyList<QaOutcome> outcomes)
    {
        var row = new Dictionary<string, object>
        {
            ["set"] = set,
            ["policy"] = policy,
            ["held_out"] = heldOut,
            ["group"] = group,
            ["questions"] = outcomes.Count,
            ["em"] = Mean(outcomes, outcome => outcome.Em),
            ["f1"] = Mean(outcomes, outcome => outcome.F1),
            ["format"] = Mean(outcomes, outcome => outcome.Trajectory.Stop is StopReason.Answered or StopReason.StepLimit ? 1 : 0),
            ["steps"] = Mean(outcomes, outcome => outcome.Trajectory.Steps.Count),
            ["tokens"] = Mean(outcomes, outcome => outcome.Trajectory.Tokens.Total),
        };
        Console.WriteLine(string.Join("  ", row.Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value}"))));
        return row;
    }

    private static double Mean(IReadOnlyList<QaOutcome> outcomes, Func<QaOutcome, double> value) => outcomes.Count == 0 ? 0 : Math.Round(outcomes.Average(value), 4);
}
