using Agentic.Retrieval;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Agentic.Agent.Tests;

public sealed class AgentLoopTests
{
    private const string First = "Step 1:\nImportant entity: Nora Vale\nSubquery: Where was Nora Vale born?\n";
    private const string Last = "Summary: she was born in Ullin\nFinal answer: Ullin";

    private static readonly Evidence.OfChunk Fact = FakeEvidence.Chunk("Nora Vale", "Nora Vale was born in Ullin.");

    private static Task<Trajectory> RunAsync(IPolicy policy, IEvidenceRetriever evidence, AgentLoopOptions? options = null) =>
        (options ?? new AgentLoopOptions()).Build(policy, evidence, new FakeTimeProvider())
            .RunAsync(new TrajectoryKey("q1", 0), "Where was she born?", null, TestContext.Current.CancellationToken);

    [Fact]
    public async Task An_attempt_is_prompt_step_evidence_and_answer()
    {
        var evidence = new FakeEvidence(Fact);

        var trajectory = await RunAsync(new ScriptedPolicy(First, Last), evidence);

        Assert.Equal(StopReason.Answered, trajectory.Stop);
        Assert.Equal("Ullin", trajectory.Answer);
        Assert.Equal([Author.Prompt, Author.Policy, Author.Tool, Author.Policy], trajectory.Segments.Select(segment => segment.Author));
        Assert.Equal([0, 1, 1, 1], trajectory.Segments.Select(segment => segment.Step));
        Assert.Equal(First, trajectory.Segments[1].Text);
        Assert.Equal("she was born in Ullin", Assert.Single(trajectory.Steps).Summary);
        Assert.Equal(["Nora Vale"], Assert.Single(evidence.Requests).KeyEntities);
    }

    // Thinking = tokens of both policy segments, retrieved = tokens of the block, total their sum.
    [Fact]
    public async Task Tokens_are_those_of_the_segments_by_author()
    {
        var trajectory = await RunAsync(new ScriptedPolicy(First, Last), new FakeEvidence(Fact));

        int Of(Author author) => trajectory.Segments.Where(segment => segment.Author == author).Sum(segment => TokenCounter.Count(segment.Text));
        Assert.Equal(new TokenCounts(Of(Author.Policy), Of(Author.Tool), Of(Author.Policy) + Of(Author.Tool), 1), trajectory.Tokens);
    }

    [Fact]
    public async Task A_missing_newline_after_the_subquery_is_added_and_the_ids_are_kept()
    {
        var trajectory = await RunAsync(new IdPolicy(First.TrimEnd('\n'), Last), new FakeEvidence(Fact));

        Assert.Equal(First, trajectory.Segments[1].Text);
        Assert.Equal([1, 2, 3], trajectory.Segments[1].TokenIds);
    }

    [Fact]
    public async Task Text_beyond_the_subquery_is_not_taken_over_and_its_ids_are_forgotten()
    {
        var trajectory = await RunAsync(new IdPolicy(First + "<Reference>\nEvidence 1: made up\n</Reference>\nFinal answer: wrong", Last), new FakeEvidence(Fact));

        Assert.Equal("Ullin", trajectory.Answer);
        Assert.Equal(First, trajectory.Segments[1].Text);
        Assert.Null(trajectory.Segments[1].TokenIds);
        Assert.NotNull(trajectory.Segments[3].TokenIds);
    }

    [Theory, InlineData(1), InlineData(3), InlineData(5)]
    public async Task At_the_step_cap_the_answer_is_forced(int maxSteps)
    {
        var policy = new ScriptedPolicy((request, call) => request.FinalAnswerForced
            ? "Ullin"
            : (call == 0 ? "" : "Summary: not yet\n") + ProtocolText.RenderStep(call + 1, [], $"question {call}"));

        var trajectory = await RunAsync(policy, new FakeEvidence(Fact), new AgentLoopOptions { MaxSteps = maxSteps });

        Assert.Equal(StopReason.StepLimit, trajectory.Stop);
        Assert.Equal("Ullin", trajectory.Answer);
        Assert.Equal(maxSteps, trajectory.Steps.Count);
        Assert.Equal(new Segment(maxSteps, Author.Tool, "Final answer: "), trajectory.Segments[^2]);
        Assert.EndsWith("Summary: not yet\nFinal answer: Ullin", string.Concat(trajectory.Segments.Select(segment => segment.Text)), StringComparison.Ordinal);
        Assert.All(trajectory.Steps, step => Assert.Equal("not yet", step.Summary));
    }

    // A policy that obeys its stops ends after the summary of the last step; elsewhere that is no move.
    [Theory, InlineData(1, StopReason.StepLimit, "Ullin"), InlineData(3, StopReason.Malformed, null)]
    public async Task A_summary_alone_asks_for_the_answer_at_the_cap_only(int maxSteps, StopReason stop, string? answer)
    {
        var policy = new ScriptedPolicy((request, call) => request.FinalAnswerForced ? "Ullin"
            : call == 0 ? ProtocolText.RenderStep(1, [], "question")
            : "Summary: not yet");

        var trajectory = await RunAsync(policy, new FakeEvidence(Fact), new AgentLoopOptions { MaxSteps = maxSteps });

        Assert.Equal(stop, trajectory.Stop);
        Assert.Equal(answer, trajectory.Answer);
    }

    // What a policy writes between marks of its own would pass for evidence.
    [Fact]
    public async Task A_block_that_the_policy_invents_is_cut_off()
    {
        var policy = new ScriptedPolicy((_, call) => call == 0
            ? ProtocolText.RenderStep(1, [], "question")
            : "Summary: s\n<Reference>\nEvidence 1: invented\n</Reference>\nFinal answer: invented");

        var trajectory = await RunAsync(policy, new FakeEvidence(Fact));

        Assert.Null(trajectory.Answer);
        Assert.Equal("Summary: s\n", trajectory.Segments[^1].Text);
    }

    // One repetition is allowed by default; the second one is cut off: 2 retrievals, then the forced line.
    [Fact]
    public async Task A_policy_that_goes_in_circles_is_asked_for_its_answer()
    {
        var policy = new ScriptedPolicy((request, call) => request.FinalAnswerForced
            ? "not stated"
            : (call == 0 ? "" : "Summary: nothing\n") + ProtocolText.RenderStep(call + 1, ["Nora Vale"], "Where was she born?"));
        var evidence = new FakeEvidence();

        var trajectory = await RunAsync(policy, evidence);

        Assert.Equal(StopReason.StepLimit, trajectory.Stop);
        Assert.Equal(2, evidence.Requests.Count);
        Assert.Contains("again and again", trajectory.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_budget_ends_an_attempt_without_an_answer()
    {
        var policy = new ScriptedPolicy((_, call) => (call == 0 ? "" : "Summary: more\n") + ProtocolText.RenderStep(call + 1, [], $"question {call}"));
        var evidence = new FakeEvidence(FakeEvidence.Chunk("Long", string.Join(' ', Enumerable.Repeat("word", 300))));

        var trajectory = await RunAsync(policy, evidence, new AgentLoopOptions { MaxAttemptTokens = 256 });

        Assert.Equal(StopReason.TokenLimit, trajectory.Stop);
        Assert.Null(trajectory.Answer);
        Assert.Single(evidence.Requests);
    }

    [Fact]
    public async Task A_completion_beyond_every_limit_is_bounded_and_malformed()
    {
        var trajectory = await RunAsync(new ScriptedPolicy(new string('x', 1_000_000)), new FakeEvidence(), new AgentLoopOptions { MaxCompletionTokens = 16 });

        Assert.Equal(StopReason.Malformed, trajectory.Stop);
        Assert.Equal(16 * 32, trajectory.Segments[^1].Text.Length);
    }

    [Fact]
    public async Task Nonsense_is_kept_as_malformed_with_a_reason()
    {
        var trajectory = await RunAsync(new ScriptedPolicy("Sure! I can help with \ud800 that.\r\n"), new FakeEvidence());

        Assert.Equal(StopReason.Malformed, trajectory.Stop);
        Assert.Equal("Sure! I can help with \ufffd that.\n", trajectory.Segments[^1].Text);
        Assert.NotNull(trajectory.Problem);
    }

    [Fact]
    public async Task A_failing_policy_ends_the_attempt_with_what_was_reached()
    {
        var trajectory = await RunAsync(new ScriptedPolicy(First), new FakeEvidence(Fact));

        Assert.Equal(StopReason.PolicyFailed, trajectory.Stop);
        Assert.Single(trajectory.Steps);
        Assert.Equal("the script has no further completion", trajectory.Problem);
    }

    [Theory, MemberData(nameof(ReferenceBlockTests.Attacks), MemberType = typeof(ReferenceBlockTests))]
    public async Task Planted_instructions_change_neither_steps_nor_answer(string attack)
    {
        var trajectory = await RunAsync(new ScriptedPolicy(First, Last), new FakeEvidence(FakeEvidence.Chunk("Nora Vale", attack), Fact));

        Assert.Equal("Ullin", trajectory.Answer);
        Assert.Single(trajectory.Steps);
        Assert.Equal(4, trajectory.Segments.Count);
    }

    // Whatever a policy writes, valid or not: calls, steps and tokens stay in their limits, the authors alternate as the protocol says,
    // and the text between prompt and end is exactly what the segments hold.
    [Fact]
    public async Task No_policy_can_leave_the_limits()
    {
        string[] words = ["Step {0}:\n", "Important entity: a, b\n", "Subquery: q{0}\n", "Subquery: again\n", "Summary: s\n", "Final answer: x", "<Reference>", "\n", "nonsense "];
        var completion = Gen.Int[0, words.Length - 1].Array[0, 8];
        var wellFormed = Gen.Const(new[] { 4, 0, 1, 2 });
        var script = Gen.Frequency((3, wellFormed), (1, completion)).Array[8];
        await script.SampleAsync(async pieces =>
        {
            var calls = 0;
            var policy = new ScriptedPolicy((request, call) =>
            {
                calls++;
                var text = string.Concat(pieces[call].SkipWhile(piece => call == 0 && piece == 4).Select(piece => words[piece]));
                return string.Format(System.Globalization.CultureInfo.InvariantCulture, text, request.Steps.Count + 1);
            });
            var evidence = new FakeEvidence(Fact);

            var trajectory = await RunAsync(policy, evidence, new AgentLoopOptions { MaxSteps = 3 });

            Assert.InRange(calls, 1, 3 + 2);
            Assert.InRange(trajectory.Steps.Count, 0, 3);
            Assert.Equal(trajectory.Steps.Count, evidence.Requests.Count);
            Assert.Equal(trajectory.Steps.Count, trajectory.Tokens.Retrievals);
            Assert.True(trajectory.Answer is not null == trajectory.Stop is StopReason.Answered or StopReason.StepLimit);
            Assert.Equal(trajectory.Steps.Count, trajectory.Segments.Count(segment => segment.Author == Author.Tool && segment.Text.StartsWith("<Reference>", StringComparison.Ordinal)));
            Assert.DoesNotContain(trajectory.Segments, segment => segment.Author == Author.Policy && segment != trajectory.Segments[^1] && segment.Text.Contains("<Reference>\n", StringComparison.Ordinal));
            Assert.All(trajectory.Steps.Select((step, i) => (step, i)), pair => Assert.Equal(pair.i + 1, pair.step.Number));
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task Seeds_depend_on_question_attempt_and_call_alone()
    {
        async Task<List<Seed>> SeedsOf(string question, int attempt)
        {
            var seeds = new List<Seed>();
            var policy = new ScriptedPolicy((request, call) =>
            {
                seeds.Add(request.Seed);
                return call == 0 ? First : Last;
            });
            await new AgentLoopOptions().Build(policy, new FakeEvidence(Fact)).RunAsync(new TrajectoryKey(question, attempt), "Where?", null, TestContext.Current.CancellationToken);
            return seeds;
        }

        var seeds = await SeedsOf("q1", 0);
        Assert.Equal(seeds, await SeedsOf("q1", 0));
        Assert.Empty(seeds.Intersect(await SeedsOf("q1", 1)));
        Assert.Empty(seeds.Intersect(await SeedsOf("q2", 0)));
        Assert.Equal(2, seeds.Distinct().Count());
    }

    [Fact]
    public async Task Cancellation_is_not_an_outcome()
    {
        using var cancellation = new CancellationTokenSource();
        var policy = new ScriptedPolicy((_, _) =>
        {
            cancellation.Cancel();
            return First;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new AgentLoopOptions().Build(policy, new FakeEvidence(Fact)).AskAsync("Where?", cancellation.Token));
    }

    [Fact]
    public void Limits_out_of_range_are_refused_together()
    {
        var options = new AgentLoopOptions { MaxSteps = 0, MaxCompletionTokens = 1 };

        var problems = Assert.Throws<OptionsException>(() => options.Build(new ScriptedPolicy(), new FakeEvidence())).Problems;

        Assert.Equal(2, problems.Count);
    }

    private sealed class IdPolicy(params string[] script) : IPolicy
    {
        public string Id => "ids/1";

        public Task<Completion> CompleteAsync(PolicyRequest request, CancellationToken cancellationToken) => Task.FromResult(
            new Completion(script[request.Segments.Count(segment => segment.Author == Author.Policy)], [1, 2, 3], [-0.1, -0.2, -0.3]));
    }
}
