using System.Text;
using Agentic.Retrieval;

namespace Agentic.Agent.Tests;

public sealed class TrajectoryLogTests : IDisposable
{
    private static readonly RunConfiguration Configuration = new(new Dictionary<string, string> { ["policy"] = "scripted/1", ["mode"] = "kag" });
    private static readonly TrajectoryKey[] Plan = [new("q1", 0), new("q2", 0), new("q3", 0)];

    private readonly string _folder = Directory.CreateTempSubdirectory("trajectories").FullName;
    private readonly List<string> _warnings = [];

    private string Path => System.IO.Path.Combine(_folder, "T.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private TrajectoryLog Open(RunConfiguration? configuration = null) => TrajectoryLog.Open(Path, configuration ?? Configuration, Plan, _warnings.Add);

    private static Trajectory Attempt(string id, double seconds = 0.25) => new(
        id,
        0,
        "scripted/1",
        new Seed(ulong.MaxValue),
        [
            new Segment(0, Author.Prompt, $"Question: \"{id}\" \"sha256\":\"\n"),
            new Segment(1, Author.Policy, "Step 1: é \u2028 😀\n") { TokenIds = [1, 2], LogProbs = [-0.5, double.NegativeInfinity], Seconds = seconds },
        ],
        [
            new Step(1, ["a, b"], "q", [FakeEvidence.Chunk("T", "x", 0.1) with { Path = [new PathHop("a", "T", "T", 0.5)] }, FakeEvidence.Triplet("h", "r", "t", 1e-300)], "s")
            {
                Trace = new EvidenceTrace([new TraceNode("subquery", "q", 0.5, false), new TraceNode("chunk", "T", 0.5, true)], [new TraceEdge(0, 1, 0.25)], 7),
            },
        ],
        "answer",
        StopReason.Answered,
        new TokenCounts(1, 2, 3, 1),
        seconds)
    {
        Question = "What?",
    };

    private void Write(params string[] ids)
    {
        using var log = Open();
        foreach (var id in ids)
        {
            log.Commit(Attempt(id));
        }
    }

    [Fact]
    public void An_attempt_is_read_back_as_it_was()
    {
        Write("q1");

        var read = Assert.Single(TrajectoryFile.Read(Path));

        Assert.Equivalent(Attempt("q1"), read, strict: true);
    }

    [Fact]
    public void A_line_begins_with_its_identity_and_can_be_checked_without_knowing_its_fields()
    {
        Write("q1");
        var line = File.ReadAllText(Path, Encoding.UTF8).TrimEnd('\n');

        Assert.Matches("^\\{\"format\":1,\"run_id\":\"[0-9a-f]{16}\",\"task_id\":\"q1\",\"attempt\":0,\"idem_key\":\"[0-9a-f]{64}\",\"sha256\":\"[0-9a-f]{64}\",", line);
        var at = line.IndexOf("\"sha256\":\"", StringComparison.Ordinal) + 10;
        var zeroed = line[..at] + new string('0', 64) + line[(at + 64)..];
        Assert.Equal(line.Substring(at, 64), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(zeroed))));
    }

    [Fact]
    public void Attempts_stand_in_the_order_of_the_plan_however_they_finish()
    {
        Write("q3", "q2", "q1", "q2");

        Assert.Equal(["q1", "q2", "q3"], TrajectoryFile.Read(Path).Select(trajectory => trajectory.QuestionId));
        Assert.False(File.Exists(Path + ".inflight"));
    }

    [Fact]
    public void What_finished_before_its_turn_is_folded_in_and_steps_under_way_are_dropped()
    {
        using (var log = Open())
        {
            log.Commit(Attempt("q3"));
            log.Note(Plan[1], Attempt("q2").Steps[0]);
        }

        Assert.Empty(TrajectoryFile.Read(Path));
        using (var log = Open())
        {
            Assert.Equal(1, log.Count);
            Assert.Null(log.Find(Plan[1]));
            Assert.Contains("1 unfinished steps", Assert.Single(_warnings), StringComparison.Ordinal);
            log.Commit(Attempt("q1"));
            log.Commit(Attempt("q2"));
        }

        Assert.Equal(["q1", "q2", "q3"], TrajectoryFile.Read(Path).Select(trajectory => trajectory.QuestionId));
    }

    [Fact]
    public void A_run_killed_after_its_last_attempt_is_completed_by_opening_it()
    {
        Write("q1", "q2");
        var last = File.ReadAllLines(Path)[1];
        File.WriteAllText(Path, File.ReadAllLines(Path)[0] + "\n");
        File.WriteAllText(Path + ".inflight", last + "\n");

        Write("q3");

        Assert.Equal(3, TrajectoryFile.Read(Path).Count());
    }

    [Fact]
    public void Every_cut_of_the_file_is_resumed_to_the_same_digest()
    {
        Write("q1", "q2", "q3");
        var whole = File.ReadAllBytes(Path);
        var digest = TrajectoryFile.Digest(Path);

        for (var length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Write("q1", "q2", "q3");
            Assert.Equal(digest, TrajectoryFile.Digest(Path));
            Assert.Equal(whole, File.ReadAllBytes(Path));
        }

        Assert.Contains(_warnings, warning => warning.Contains("last line is torn", StringComparison.Ordinal));
    }

    [Fact]
    public void A_torn_last_line_is_left_out_with_a_warning()
    {
        Write("q1", "q2");
        File.AppendAllText(Path, "{\"format\":1,\"run_id\":");

        Assert.Equal(2, TrajectoryFile.Read(Path, _warnings.Add).Count());
        Assert.Contains("(3)", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"answer\":\"answer\"", "\"answer\":\"anser\"", "sha256")]
    [InlineData("\"policy_id\"", "\"policy_jd\"", "not a trajectory")]
    [InlineData("{\"format\":1", "{\"format\":2", "format 2 is not known")]
    [InlineData("\"stop\":\"answered\"", "\"stop\":0", "not a trajectory")]
    [InlineData("{\"format\"", "{\"format", "not a trajectory")]
    public void Damage_elsewhere_is_refused_with_its_line(string from, string to, string reason)
    {
        Write("q1", "q2");
        var lines = File.ReadAllLines(Path);
        File.WriteAllText(Path, lines[0].Replace(from, to, StringComparison.Ordinal) + "\n" + lines[1] + "\n");

        var problem = Assert.Throws<InputFormatException>(() => TrajectoryFile.Read(Path).Count());

        Assert.Equal(1, problem.Line);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Throws<InputFormatException>(() => Open());
    }

    [Fact]
    public void The_same_attempt_twice_is_refused()
    {
        Write("q1");
        File.AppendAllText(Path, File.ReadAllText(Path));

        Assert.Equal(2, Assert.Throws<InputFormatException>(() => TrajectoryFile.Read(Path).Count()).Line);
    }

    [Fact]
    public void Another_configuration_is_refused_with_the_difference()
    {
        Write("q1");
        var other = new RunConfiguration(new Dictionary<string, string> { ["policy"] = "scripted/1", ["mode"] = "chunks" });

        var problem = Assert.Throws<AgenticException>(() => Open(other));

        Assert.Contains("mode was kag and is chunks", problem.Message, StringComparison.Ordinal);
        TrajectoryLog.Remove(Path);
        Open(other).Dispose();
    }

    [Fact]
    public void A_file_of_something_else_is_left_alone()
    {
        File.WriteAllText(Path, "{\"id\":1}\n");

        Assert.Contains("is not the beginning of this run", Assert.Throws<AgenticException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal("{\"id\":1}\n", File.ReadAllText(Path));
    }

    [Fact]
    public void A_second_writer_is_refused()
    {
        using var first = Open();

        Assert.Contains("cannot be written", Assert.Throws<AgenticException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Digest_sees_content_but_neither_order_nor_timings()
    {
        Write("q1", "q2");
        var digest = TrajectoryFile.Digest(Path);
        var lines = File.ReadAllLines(Path);
        File.WriteAllLines(Path, [lines[1], lines[0]]);
        Assert.Equal(digest, TrajectoryFile.Digest(Path));

        TrajectoryLog.Remove(Path);
        using (var log = Open())
        {
            log.Commit(Attempt("q1", seconds: 9));
            log.Commit(Attempt("q2", seconds: 8));
        }

        Assert.Equal(digest, TrajectoryFile.Digest(Path));
        TrajectoryLog.Remove(Path);
        using (var log = Open())
        {
            log.Commit(Attempt("q1"));
            log.Commit(Attempt("q2") with { Answer = "other" });
        }

        Assert.NotEqual(digest, TrajectoryFile.Digest(Path));
    }

    [Fact]
    public async Task An_evaluation_stopped_anywhere_and_run_again_gives_the_undisturbed_digest()
    {
        var questions = Plan.Select(key => new Question(key.QuestionId, $"Where is {key.QuestionId}?") { Answers = ["here"] }).ToList();
        async Task RunAsync(string path, int callsUntilStop)
        {
            using var stop = new CancellationTokenSource();
            var calls = 0;
            var policy = new ScriptedPolicy((request, call) =>
            {
                if (++calls > callsUntilStop)
                {
                    stop.Cancel();
                    stop.Token.ThrowIfCancellationRequested();
                }

                return call == 0 ? ProtocolText.RenderStep(1, [], request.Question) : "Summary: s\nFinal answer: here";
            });
            using var log = TrajectoryLog.Open(path, Configuration, Plan);
            var loop = new AgentBuilder().WithPolicy(policy).WithEvidence(new FakeEvidence()).Build();
            await new QaEvaluationOptions { Concurrency = 2 }.Build(loop).RunAsync(questions, log, null, stop.Token);
        }

        await RunAsync(Path, int.MaxValue);
        var other = System.IO.Path.Combine(_folder, "stopped.jsonl");
        for (var calls = 0; calls < 4; calls++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(other, 0));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(other, 1));
        }

        await RunAsync(other, int.MaxValue);
        Assert.Equal(TrajectoryFile.Digest(Path), TrajectoryFile.Digest(other));
    }
}
