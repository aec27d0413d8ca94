using System.Diagnostics;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>Answers a development half with the symbolic policy through the real loop and prints the table by type; with a file name, every wrong attempt is written to it.</summary>
internal static class SymbolicQuality
{
    private static readonly double[] Offsets = [0.25, 0.5, 0.75];

    public static async Task<int> RunAsync(string data, string set, string mode, string? errors)
    {
        var clock = Stopwatch.StartNew();
        var extractor = new RuleTripletExtractor();
        var documents = new List<Document>();
        await foreach (var document in CorpusReader.Open(Path.Combine(data, set, "corpus.jsonl.gz")).ReadAsync(default))
        {
            documents.Add(document);
        }

        var cpu = Environment.CpuUsage.TotalTime;
        var read = clock.Elapsed.TotalSeconds;
        var chunks = documents.AsParallel().Select(document => new Chunk(document.Id, document.Id, 0, document.Title, document.Text, 0, document.Text.Length))
            .Select(chunk => new IndexedChunk(chunk, extractor.Extract(chunk))).ToArray();
        Console.WriteLine($"{set}: {chunks.Length} chunks, extraction {clock.Elapsed.TotalSeconds - read:0.00} s ({(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:0.00} s of processor time), {chunks.Sum(chunk => chunk.Triplets.Count)} triplets");
        var index = ChunkIndex.Of(chunks);
        var snapshot = GraphSnapshot.Freeze(index);
        var questions = await QuestionFile.ReadAsync(Path.Combine(data, set, "questions.dev.jsonl.gz"), default);
        var shuffled = mode.EndsWith("-shuffled", StringComparison.Ordinal);
        var evidence = snapshot.Evidence(new TeaRagOptions { Mode = Enum.Parse<EvidenceMode>(mode.Split('-')[0], ignoreCase: true) }, new Bm25RetrieverOptions().Build(index));
        foreach (var source in shuffled ? Offsets.Select(offset => (IEvidenceRetriever)new ShuffledEvidence(evidence, index.Chunks, offset)) : [evidence])
        {
            var policy = new TimedPolicy(new SymbolicPolicyOptions().Build(new PolicyResources(snapshot.Linker)));
            var loop = new AgentBuilder().WithPolicy(policy).WithEvidence(source).Build();
            clock.Restart();
            cpu = Environment.CpuUsage.TotalTime;
            var run = await new QaEvaluationOptions { Concurrency = 2 }.Build(loop).RunAsync(questions, null, null, default);
            Console.WriteLine($"the policy alone: {policy.Elapsed.TotalMilliseconds / questions.Count:0.0} ms a question, two at a time");
            Print(run.Report, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / questions.Count);
            if (errors is not null)
            {
                WriteErrors(run, snapshot.Linker, errors);
            }
        }

        return 0;
    }

    private static void Print(QaReport report, double milliseconds)
    {
        Console.WriteLine($"all {report.Questions}: {100 * report.Em:0.0} / {100 * report.F1:0.0}, steps {report.Steps:0.00}, tokens a retrieval {report.TokensPerRetrieval:0}, answer recall {100 * report.AnswerRecall:0.0}, {milliseconds:0.0} ms of processor time a question; {string.Join(", ", report.ByStop.Select(stop => $"{stop.Key} {stop.Value}"))}");
        foreach (var (name, group) in report.ByType)
        {
            Console.WriteLine($"  {name,-20} {group.Questions,4}: {100 * group.Em:0.0} / {100 * group.F1:0.0}, steps {group.Steps:0.00}");
        }
    }

    private static void WriteErrors(QaRun run, IEntityLinker linker, string path)
    {
        using var writer = new StreamWriter(path);
        foreach (var outcome in run.Outcomes.Where(outcome => outcome.Em < 1))
        {
            writer.WriteLine($"## [{outcome.Question.Type}] {outcome.Question.Text}\n   want {string.Join(" | ", outcome.Question.Answers)}; got {outcome.Trajectory.Answer} ({outcome.Trajectory.Stop} {outcome.Trajectory.Problem})");
            writer.WriteLine($"   plan {Describe(QuestionParser.Parse(outcome.Question.Text, linker))}");
            foreach (var step in outcome.Trajectory.Steps)
            {
                writer.WriteLine($"   step {step.Number} [{string.Join("; ", step.KeyEntities)}] {step.Subquery} => {step.Summary}");
                foreach (var evidence in step.Evidence)
                {
                    writer.WriteLine($"      {evidence.Score:0.000} {(evidence is Evidence.OfChunk chunk ? $"{chunk.Chunk.Title}: {chunk.Chunk.Text}" : $"<{((Evidence.OfTriplet)evidence).Triplet.Text}>")}");
                }
            }
        }
    }

    /// <summary>A plan in one line.</summary>
    public static string Describe(SymbolicPlan plan) => plan switch
    {
        SymbolicPlan.Chain chain => $"chain {Describe(chain.Leg)}",
        SymbolicPlan.Compare compare => $"compare {Describe(compare.First)} / {Describe(compare.Second)} by {string.Join(", ", compare.Relations)} {(compare.Least ? "least" : "most")}",
        SymbolicPlan.Same same => $"same {same.Relation}: {Describe(same.First)} / {Describe(same.Second)}",
        SymbolicPlan.Order order => $"order {Describe(order.First)} {(order.Before ? "before" : "after")} {Describe(order.Second)}",
        SymbolicPlan.Shared shared => $"shared {Describe(shared.First)} / {Describe(shared.Second)}",
        SymbolicPlan.Property property => $"property {Describe(property.First)} / {Describe(property.Second)}: {string.Join(' ', property.Words)}",
        SymbolicPlan.Choose choose => $"choose {Describe(choose.First)} / {Describe(choose.Second)}: {string.Join(' ', choose.Words)}",
        SymbolicPlan.General general => $"general {string.Join("; ", general.Names)}",
        _ => "",
    };

    private static string Describe(Leg leg) => $"{leg.Entity} -> {string.Join(" | ", leg.Chains.Select(chain => string.Join('.', chain)))}";
}
