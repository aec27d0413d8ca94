using System.Text.Json;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>The whole path on corpora/averra: extraction against the gold triplets, every evidence mode with the symbolic policy, tuning and held-out part apart.</summary>
internal static class OwnCorpus
{
    private const string Command = "dotnet run -c Release --project tests/Benchmarks -- own-corpus";
    private static readonly (string Part, string File)[] Parts = [("tuning", "questions.jsonl"), ("held out", "questions.heldout.jsonl")];

    /// <param name="shown">Part whose wrong answers are listed; the held-out part never is.</param>
    public static async Task<int> RunAsync(bool shown)
    {
        var folder = Path.Combine(BenchmarkReport.Root, "corpora", "averra");
        using var index = await IndexAsync(Path.Combine(folder, "corpus.jsonl"));
        PrintExtraction(index, Path.Combine(folder, "triplets.jsonl"));
        var snapshot = GraphSnapshot.Freeze(index);
        var (rows, types) = (new List<Dictionary<string, object>>(), new List<Dictionary<string, object>>());
        foreach (var (part, file) in Parts)
        {
            var questions = await QuestionFile.ReadAsync(Path.Combine(folder, file), CancellationToken.None);
            foreach (var mode in new[] { EvidenceMode.Kag, EvidenceMode.Chunks, EvidenceMode.Graph, EvidenceMode.Concat })
            {
                var run = await AnswerAsync(snapshot, mode, questions);
                rows.Add(Row(part, mode, run.Report));
                if (mode == EvidenceMode.Kag)
                {
                    types.AddRange(run.Report.ByType.Select(group => GroupRow(part, group.Key, group.Value)));
                    types.AddRange(run.Report.ByHops.Select(group => GroupRow(part, $"{group.Key} hops", group.Value)));
                    if (shown && part == "tuning")
                    {
                        PrintWrong(run.Outcomes, snapshot.Linker);
                    }
                }
            }
        }

        BenchmarkReport.Write("own-corpus", Command, rows);
        BenchmarkReport.Write("own-corpus-types", Command, types);
        Print(rows);
        Print(types);
        return 0;
    }

    private static async Task<ChunkIndex> IndexAsync(string corpus)
    {
        var (chunker, extractor) = (new Chunker(new ChunkerOptions()), new RuleTripletExtractor());
        var chunks = new List<IndexedChunk>();
        await foreach (var document in CorpusReader.Open(corpus).ReadAsync(CancellationToken.None))
        {
            chunks.AddRange(chunker.Cut(document).Select(chunk => new IndexedChunk(chunk, extractor.Extract(chunk))));
        }

        return ChunkIndex.Of(chunks);
    }

    private static Task<QaRun> AnswerAsync(GraphSnapshot snapshot, EvidenceMode mode, IReadOnlyList<Question> questions)
    {
        var policy = new SymbolicPolicyOptions().Build(new PolicyResources(snapshot.Linker));
        var evidence = snapshot.Evidence(new TeaRagOptions { Mode = mode }, new Bm25RetrieverOptions().Build(snapshot.Index));
        var loop = new AgentLoopOptions().Build(policy, evidence);
        return new QaEvaluationOptions { Concurrency = 2 }.Build(loop).RunAsync(questions, log: null, progress: null, CancellationToken.None);
    }

    /// <summary>How many of the gold triplets' pairs of names the rules find, whatever they call the relation.</summary>
    private static void PrintExtraction(ChunkIndex index, string goldFile)
    {
        var found = index.Chunks.ToDictionary(
            chunk => chunk.Chunk.Id,
            chunk => chunk.Triplets.Select(fact => Pair(fact.Head, fact.Tail)).ToHashSet());
        var (gold, hit) = (0, 0);
        foreach (var line in File.ReadLines(goldFile))
        {
            using var row = JsonDocument.Parse(line);
            var pairs = found[row.RootElement.GetProperty("id").GetString()!];
            foreach (var triple in row.RootElement.GetProperty("triples").EnumerateArray())
            {
                gold++;
                hit += pairs.Contains(Pair(triple[0].GetString()!, triple[2].GetString()!)) ? 1 : 0;
            }
        }

        Console.WriteLine($"rules find the two ends of {hit} of {gold} gold triplets; they read {index.Chunks.Sum(chunk => chunk.Triplets.Count)} facts");
    }

    private static (string, string) Pair(string head, string tail)
    {
        var (a, b) = (EntityName.Key(head), EntityName.Key(tail));
        return string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
    }

    private static Dictionary<string, object> Row(string part, EvidenceMode mode, QaReport report) => new()
    {
        ["part"] = part,
        ["mode"] = JsonNamingPolicy.KebabCaseLower.ConvertName(mode.ToString()),
        ["questions"] = report.Questions,
        ["em"] = Rounded(report.Em),
        ["f1"] = Rounded(report.F1),
        ["steps"] = Rounded(report.Steps),
        ["answer_recall"] = Rounded(report.AnswerRecall),
        ["tokens_per_retrieval"] = Math.Round(report.TokensPerRetrieval, 1),
    };

    private static Dictionary<string, object> GroupRow(string part, string group, QaGroup values) => new()
    {
        ["part"] = part,
        ["group"] = group.Replace('_', '/'),
        ["questions"] = values.Questions,
        ["em"] = Rounded(values.Em),
        ["f1"] = Rounded(values.F1),
        ["steps"] = Rounded(values.Steps),
    };

    private static double Rounded(double value) => Math.Round(value, 4);

    private static void Print(IEnumerable<Dictionary<string, object>> rows)
    {
        foreach (var row in rows)
        {
            Console.WriteLine(string.Join("  ", row.Select(cell => FormattableString.Invariant($"{cell.Key}={cell.Value}"))));
        }
    }

    private static void PrintWrong(IEnumerable<QaOutcome> outcomes, IEntityLinker linker)
    {
        foreach (var outcome in outcomes.Where(outcome => outcome.Em < 1))
        {
            Console.WriteLine($"{outcome.Question.Id} {outcome.Question.Text}\n     said {outcome.Trajectory.Answer ?? outcome.Trajectory.Problem}, wanted {outcome.Question.Answers[0]}");
            Console.WriteLine($"     {SymbolicQuality.Describe(QuestionParser.Parse(outcome.Question.Text, linker))}");
            foreach (var step in outcome.Trajectory.Steps)
            {
                Console.WriteLine($"     {step.Number} {step.Subquery} => {step.Summary} [{string.Join(" | ", step.Evidence.OfType<Evidence.OfChunk>().Select(evidence => evidence.Chunk.Title))}]");
            }
        }
    }
}
