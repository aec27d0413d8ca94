using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.Agent.Tests;

public sealed class CollectionLedgerTests : IDisposable
{
    private static readonly RunConfiguration Configuration = new([KeyValuePair.Create("policy", "scripted"), KeyValuePair.Create("seed", "1")]);
    private static readonly Question[] Questions = [.. Enumerable.Range(0, 12).Select(number => new Question($"q{number}", $"Where was person {number} born?") { Answers = ["Ullin"], Hops = 1 })];

    // What is written depends on the seed of the call alone, as with a sampling model.
    private static readonly ScriptedPolicy Sampling = new((request, call) => call == 0
        ? ProtocolText.RenderStep(1, ["person"], $"Where was person {request.Seed.Value % 5} born?")
        : ProtocolText.RenderSummary("so it is") + ProtocolText.RenderAnswer($"town {request.Seed.Value % 7}"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static AgentLoop Loop(IPolicy policy) =>
        new AgentBuilder().WithPolicy(policy).WithEvidence(new FakeEvidence(FakeEvidence.Chunk("Nora Vale", "Nora Vale was born in Ullin."))).Build();

    private static CollectionPlan Plan(int samples = 4, int questions = 12) => new([.. Questions.Take(questions)], samples);

    private async Task<CollectionReport> CollectAsync(
        string name, CollectionPlan? plan = null, CollectionOptions? options = null, IPolicy? policy = null, RunConfiguration? configuration = null, bool fork = false, CancellationToken? cancellation = null)
    {
        using var ledger = CollectionLedger.Open(_folder[name], configuration ?? Configuration, plan ?? Plan(), fork);
        return await (options ?? new CollectionOptions()).Build(Loop(policy ?? Sampling)).RunAsync(ledger, null, cancellation ?? TestContext.Current.CancellationToken);
    }

    private string Digest(string name)
    {
        using var folder = CollectionFolder.Open(_folder[name]);
        return folder.Digest();
    }

    [Fact]
    public async Task Concurrency_and_interruptions_change_nothing()
    {
        var calm = await CollectAsync("calm", options: new CollectionOptions { Concurrency = 1 });
        await CollectAsync("many", options: new CollectionOptions { Concurrency = 16 });
        Assert.Equal((48, 48, CollectionEnd.Complete), (calm.Status.Committed, calm.Made, calm.End));

        var runs = 0;
        for (var done = false; !done; runs++)
        {
            using var stop = new CancellationTokenSource();
            var calls = 0;
            var policy = new ScriptedPolicy((request, call) =>
            {
                if (Interlocked.Increment(ref calls) == 25)
                {
                    stop.Cancel();
                }

                return Sampling.CompleteAsync(request, default).Result.Text;
            });
            try
            {
                await CollectAsync("cut", policy: policy, cancellation: stop.Token);
                done = true;
            }
            catch (OperationCanceledException)
            {
                using var folder = CollectionFolder.Open(_folder["cut"]);
                Assert.Equal(0, folder.Status.Leased);
            }
        }

        Assert.True(runs > 2);
        Assert.Equal(Digest("calm"), Digest("many"));
        Assert.Equal(Digest("calm"), Digest("cut"));
    }

    [Fact]
    public async Task An_attempt_is_committed_once_whoever_brings_it_again()
    {
        await CollectAsync("one", Plan(samples: 1, questions: 1), new CollectionOptions { MaxTokens = 1 });
        using var ledger = CollectionLedger.Open(_folder["twice"], Configuration, Plan(samples: 2, questions: 1));
        var task = ledger.Lease(1).Single();
        var trajectory = await Loop(Sampling).RunAsync(task.Key, task.Question.Text, null, TestContext.Current.CancellationToken);
        var line = new CollectedLine(task.Ordinal, ledger.LineOf(trajectory), false, 10, 0);

        Assert.Equal(1, ledger.Commit([line, line]));
        Assert.Equal(0, ledger.Commit([line]));
        Assert.Equal((1, 1, 10L), (ledger.Status.Committed, ledger.Status.Planned, ledger.Status.Tokens));

        // Never handed out: not committed either.
        Assert.Equal(0, ledger.Commit([line with { Ordinal = 1 }]));
    }

    [Fact]
    public async Task What_a_killed_process_had_out_is_handed_out_again()
    {
        using (var ledger = CollectionLedger.Open(_folder["killed"], Configuration, Plan()))
        {
            Assert.Equal(5, ledger.Lease(5).Count);
            Assert.Equal(5, ledger.Status.Leased);
        }

        Assert.Equal(48, (await CollectAsync("killed")).Made);
    }

    [Fact]
    public async Task Another_configuration_is_refused_with_the_difference_or_forked()
    {
        await CollectAsync("fork", Plan(samples: 2));
        var refused = Assert.Throws<AgenticException>(() => CollectionLedger.Open(_folder["fork"], Configuration, Plan(samples: 3)));
        Assert.Contains("samples was 2 and is 3", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--fork", refused.Message, StringComparison.Ordinal);

        // More samples: the attempts made are what they would be again.
        var more = await CollectAsync("fork", Plan(samples: 3), fork: true);
        Assert.Equal((36, 12), (more.Status.Committed, more.Made));
        await CollectAsync("straight", Plan(samples: 3));
        Assert.Equal(Digest("straight"), Digest("fork"));

        // Another seed: nothing can be taken over.
        var other = new RunConfiguration([KeyValuePair.Create("policy", "scripted"), KeyValuePair.Create("seed", "2")]);
        Assert.Equal(36, (await CollectAsync("fork", Plan(samples: 3), configuration: other, fork: true)).Made);
    }

    [Fact]
    public void A_stored_line_is_the_line_and_a_damaged_one_is_noticed()
    {
        var line = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"text\":\"Nora Vale was born in Ullin.\"}", 50)));
        var packed = StoredLine.Pack(line);

        Assert.True(packed.Length * 5 < line.Length);
        Assert.Equal(line, StoredLine.Unpack(packed));
        Assert.Equal([], StoredLine.Unpack(StoredLine.Pack([])));
        packed[0] ^= 0xff;
        Assert.NotEqual(line, Damaged());

        byte[]? Damaged()
        {
            try
            {
                return StoredLine.Unpack(packed);
            }
            catch (InvalidDataException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task One_process_at_a_time()
    {
        using var ledger = CollectionLedger.Open(_folder["held"], Configuration, Plan());

        Assert.Contains("another process", (await Assert.ThrowsAsync<AgenticException>(() => CollectAsync("held"))).Message, StringComparison.Ordinal);

        // But it may be looked at.
        using var reader = CollectionFolder.Open(_folder["held"]);
        Assert.Equal(48, reader.Status.Planned);
    }

    [Fact]
    public async Task Failed_attempts_are_kept_apart_and_made_again_on_demand()
    {
        var policy = new ScriptedPolicy((request, call) => request.Key.QuestionId == "q3" ? null : Sampling.CompleteAsync(request, default).Result.Text);
        var report = await CollectAsync("failed", policy: policy);
        Assert.Equal((44, 4, CollectionEnd.Complete), (report.Status.Committed, report.Status.Failed, report.End));
        using (var folder = CollectionFolder.Open(_folder["failed"]))
        {
            Assert.DoesNotContain(folder.Read(), trajectory => trajectory.QuestionId == "q3");
        }

        Assert.Equal(0, (await CollectAsync("failed")).Made);
        Assert.Equal(4, CollectionLedger.Retry(_folder["failed"]));
        Assert.Equal(4, (await CollectAsync("failed")).Made);
        await CollectAsync("calm");
        Assert.Equal(Digest("calm"), Digest("failed"));
    }

    [Fact]
    public async Task A_budget_ends_a_run_and_keeps_what_is_done()
    {
        var report = await CollectAsync("tokens", options: new CollectionOptions { MaxTokens = 500, Concurrency = 1 });
        Assert.Equal(CollectionEnd.Budget, report.End);
        Assert.InRange(report.Status.Tokens, 500, 10_000);
        Assert.InRange(report.Made, 1, 47);
        Assert.Equal(0, (await CollectAsync("tokens", options: new CollectionOptions { MaxTokens = 500 })).Made);
        Assert.Equal(CollectionEnd.Complete, (await CollectAsync("tokens")).End);

        var paid = await CollectAsync("money", options: new CollectionOptions { MaxCost = 0.01, OutputPrice = 100, Concurrency = 1 });
        Assert.Equal(CollectionEnd.Budget, paid.End);
        Assert.True(paid.Status.Cost >= 0.01);
    }

    [Fact]
    public async Task A_policy_that_is_gone_ends_a_run_and_keeps_what_is_done()
    {
        var calls = 0;
        var policy = new ScriptedPolicy((request, call) =>
            Interlocked.Increment(ref calls) > 30 ? throw new EndpointUnreachableException("nothing listens") : Sampling.CompleteAsync(request, default).Result.Text);
        var report = await CollectAsync("gone", policy: policy, options: new CollectionOptions { Concurrency = 2 });

        Assert.Equal((CollectionEnd.Unreachable, "nothing listens"), (report.End, report.Reason));
        Assert.InRange(report.Status.Committed, 1, 47);
        Assert.Equal(CollectionEnd.Complete, (await CollectAsync("gone")).End);
    }

    [Fact]
    public async Task Something_else_in_the_place_is_not_touched()
    {
        Directory.CreateDirectory(_folder["other"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["other"], "collection.db"), "not a database, but long enough to look like one for a while");

        Assert.Contains("is damaged or no collection", (await Assert.ThrowsAsync<AgenticException>(() => CollectAsync("other"))).Message, StringComparison.Ordinal);
        Assert.Throws<AgenticException>(() => CollectionFolder.Open(_folder["nowhere"]));
    }

    [Fact]
    public async Task An_export_holds_what_the_collection_holds()
    {
        await CollectAsync("out", Plan(samples: 1, questions: 3));
        using var folder = CollectionFolder.Open(_folder["out"]);
        foreach (var form in Enum.GetValues<TrajectoryForm>())
        {
            Assert.Equal(3, await TrajectoryExport.WriteAsync(folder, form, _folder[$"{form}.jsonl"], TestContext.Current.CancellationToken));
        }

        Assert.Equal(folder.Digest(), TrajectoryFile.Digest(_folder["Own.jsonl"]));
        var trajectory = folder.Read().First();
        var messages = System.Text.Json.Nodes.JsonNode.Parse(File.ReadLines(_folder["Openai.jsonl"]).First())!["messages"]!.AsArray();
        Assert.Equal(string.Concat(trajectory.Segments.Select(segment => segment.Text)), string.Concat(messages.Select(message => (string)message!["content"]!)));
        Assert.Equal(["user", "assistant", "tool", "assistant"], messages.Select(message => (string)message!["role"]!));
        Assert.Equal((string)messages[1]!["tool_calls"]![0]!["id"]!, (string)messages[2]!["tool_call_id"]!);
        var atif = System.Text.Json.Nodes.JsonNode.Parse(File.ReadLines(_folder["Atif.jsonl"]).First())!;
        Assert.Equal("ATIF-v1.4", (string)atif["schema_version"]!);
        Assert.Equal(["user", "agent", "agent"], atif["steps"]!.AsArray().Select(step => (string)step!["source"]!));
        Assert.Equal(trajectory.Segments[2].Text, (string)atif["steps"]![1]!["observation"]!["results"]![0]!["content"]!);
    }
}
