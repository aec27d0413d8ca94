using Agentic.Retrieval;

namespace Agentic.Agent.Tests;

public sealed class QaEvaluationTests
{
    private static readonly Question[] Questions =
    [
        new("q1", "Where was Nora Vale born?") { Answers = ["Ullin"], Type = "compositional", Hops = 2 },
        new("q2", "Is Ullin a town?") { Answers = ["yes"], Type = "comparison", Hops = 2 },
        new("q3", "Where was Ona Reed born?") { Answers = ["Port Ullin", "Ullin Harbour"], Type = "compositional", Hops = 3 },
    ];

    // q1 is right, q2 wrong, q3 half right: "Ullin" against "Port Ullin" has precision 1, recall 1/2, F1 2/3.
    private static readonly ScriptedPolicy Policy = new((request, call) => call == 0
        ? ProtocolText.RenderStep(1, [], request.Question)
        : ProtocolText.RenderSummary("so it is") + ProtocolText.RenderAnswer(request.Question.StartsWith("Is", StringComparison.Ordinal) ? "no" : "Ullin"));

    private static AgentLoop Loop(IPolicy policy) =>
        new AgentBuilder().WithPolicy(policy).WithEvidence(new FakeEvidence(FakeEvidence.Chunk("Nora Vale", "Nora Vale was born in Ullin."))).Build();

    private static Task<QaRun> RunAsync(IPolicy policy, int concurrency = 2) =>
        new QaEvaluationOptions { Concurrency = concurrency }.Build(Loop(policy)).RunAsync(Questions, null, null, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Report_holds_the_means_by_hand()
    {
        var report = (await RunAsync(Policy)).Report;

        Assert.Equal(3, report.Questions);
        Assert.Equal(1.0 / 3, report.Em, 1e-12);
        Assert.Equal((1 + 0 + (2.0 / 3)) / 3, report.F1, 1e-12);
        Assert.Equal(1, report.Steps);
        Assert.Equal(report.TotalTokens, report.ThinkingTokens + report.RetrievedTokens, 1e-9);
        Assert.Equal(report.RetrievedTokens, report.TokensPerRetrieval, 1e-9);
        // q2's answer is yes and is left out; the evidence holds "Ullin" but neither alias of q3.
        Assert.Equal(0.5, report.AnswerRecall, 1e-12);
        Assert.Equal(new QaGroup(2, 0.5, (1 + (2.0 / 3)) / 2, 1), report.ByType["compositional"]);
        Assert.Equal(["comparison", "compositional"], report.ByType.Keys);
        Assert.Equal(2, report.ByHops["2"].Questions);
        Assert.Equal(3, report.ByStop["answered"]);
    }

    [Fact]
    public async Task Results_are_in_question_order_whatever_the_concurrency()
    {
        var one = await RunAsync(Policy, concurrency: 1);
        var many = await RunAsync(Policy, concurrency: 8);

        Assert.Equal(["q1", "q2", "q3"], many.Outcomes.Select(outcome => outcome.Question.Id));
        Assert.Equal(one.Outcomes.Select(outcome => outcome.F1), many.Outcomes.Select(outcome => outcome.F1));
    }

    [Fact]
    public async Task A_policy_that_is_not_there_from_the_start_stops_the_run_with_its_reason()
    {
        var policy = new ScriptedPolicy((_, _) => throw new EndpointUnreachableException("nothing listens"));

        var missing = await Assert.ThrowsAsync<EndpointUnreachableException>(() => RunAsync(policy));

        Assert.Equal("nothing listens", missing.Message);
    }

    [Fact]
    public async Task A_policy_that_goes_away_leaves_a_partial_run()
    {
        var policy = new ScriptedPolicy((request, call) => request.Key.QuestionId == "q3"
            ? throw new EndpointUnreachableException("it went away")
            : call == 0 ? ProtocolText.RenderStep(1, [], request.Question) : "Summary: s\nFinal answer: Ullin");

        var run = await RunAsync(policy, concurrency: 1);

        Assert.Equal("it went away", run.Interruption);
        Assert.Equal(2, run.Report.Questions);
    }

    [Fact]
    public async Task A_failed_attempt_is_an_outcome_that_scores_nothing()
    {
        var run = await RunAsync(new ScriptedPolicy((request, _) => request.Key.QuestionId == "q1" ? null : "Final answer: Ullin"));

        Assert.Null(run.Interruption);
        Assert.Equal(StopReason.PolicyFailed, run.Outcomes[0].Trajectory.Stop);
        Assert.Equal(0, run.Outcomes[0].F1);
        Assert.Equal(1, run.Report.ByStop["policy_failed"]);
    }

    [Fact]
    public async Task Questions_that_cannot_be_scored_are_refused_before_anything_runs()
    {
        var evaluation = new QaEvaluationOptions().Build(Loop(Policy));
        async Task<string> MessageAsync(params Question[] questions) =>
            (await Assert.ThrowsAsync<AgenticException>(() => evaluation.RunAsync(questions, null, null, TestContext.Current.CancellationToken))).Message;

        Assert.Contains("no question", await MessageAsync(), StringComparison.Ordinal);
        Assert.Contains("q9 has no answers", await MessageAsync(new Question("q9", "?")), StringComparison.Ordinal);
        Assert.Contains("more than once", await MessageAsync(Questions[0], Questions[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shuffled_evidence_keeps_titles_and_heads_and_nothing_else()
    {
        var chunks = Enumerable.Range(0, 4).Select(i => new IndexedChunk(
            new Chunk($"c{i}", $"c{i}", 0, $"Title {i}", $"Text {i}", 0, 6), i == 3 ? [] : [new Fact($"Head {i}", $"relation {i}", $"tail {i}")])).ToList();
        var inner = new FakeEvidence(new Evidence.OfChunk(chunks[0].Chunk, 0.5), new Evidence.OfTriplet(new Triplet("Head 1", "relation 1", "tail 1", ["c1"]), 0.4));

        var shuffled = await new ShuffledEvidence(inner, chunks).RetrieveAsync(new EvidenceRequest("?", []), TestContext.Current.CancellationToken);

        // Half of four chunks away: c0 reads c2; c1 would read c3, which has no fact, so c0's is next.
        Assert.Equal(("Title 0", "Text 2"), shuffled.Items[0] is Evidence.OfChunk { Chunk: var chunk } ? (chunk.Title, chunk.Text) : default);
        Assert.Equal("Head 1 relation 0 tail 0", shuffled.Items[1] is Evidence.OfTriplet { Triplet: var triplet } ? triplet.Text : "");
    }
}
