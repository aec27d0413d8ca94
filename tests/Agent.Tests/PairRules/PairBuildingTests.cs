using System.Text.Json.Nodes;
using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.Agent.Tests;

public sealed class PairBuildingTests : IDisposable
{
    private static readonly string[] Rows =
    [
        """{"question":"q2","trajectory":"a","kind":"single","r_fmt":1,"r_out":1,"r_process":0}""",
        """{"question":"q1","trajectory":"t1","kind":"multi","r_fmt":1,"r_out":1,"r_process":0.9}""",
        """{"question":"q1","trajectory":"t2","kind":"multi","r_fmt":1,"r_out":0.5,"r_process":0.6}""",
        """{"question":"q2","trajectory":{"id":7,"text":"x"},"kind":"single","r_fmt":1,"r_out":0.2,"r_process":0}""",
        """{"question":"q1","trajectory":"t3","kind":"multi","r_fmt":1,"r_out":0.9,"r_process":0.95}""",
        """{"question":"q1","trajectory":"t4","kind":"multi","r_fmt":0,"r_out":0,"r_process":0}""",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<(PairReport Report, string[] Lines)> BuildAsync(IEnumerable<string> rows, string name = "pairs.jsonl")
    {
        await File.WriteAllLinesAsync(_folder["scored.jsonl"], rows);
        var report = await PairBuilding.RunAsync(_folder["scored.jsonl"], new IpDpoPairRuleOptions().Build(), null, _folder[name], TestContext.Current.CancellationToken);
        return (report, await File.ReadAllLinesAsync(_folder[name]));
    }

    [Fact]
    public async Task Rows_of_another_scorer_become_pairs_with_their_reasons()
    {
        var (report, lines) = await BuildAsync(Rows);

        // q1: chosen t1 (2.9), t3 (2.85); rising t4 (0), t2 (2.1): t2 is hard for t3, 0.5 <= 0.9 - 0.3.
        Assert.Equal(
            [
                """{"question":"q1","chosen":"t1","rejected":"t4","reason":"format"}""",
                """{"question":"q1","chosen":"t3","rejected":"t2","reason":"hard"}""",
                """{"question":"q2","chosen":"a","rejected":{"id":7,"text":"x"},"reason":"easy"}""",
            ],
            lines);
        Assert.Equal(6, report.Candidates);
        Assert.Equal(report.Candidates, report.Fates.Values.Sum());
        Assert.Equal(3, report.Pairs);
    }

    [Fact]
    public async Task The_order_of_the_rows_does_not_matter()
    {
        var expected = (await BuildAsync(Rows)).Lines;
        var random = new Seed(3).ToRandom();
        for (var number = 0; number < 20; number++)
        {
            var shuffled = Rows.ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(expected, (await BuildAsync(shuffled)).Lines);
        }
    }

    [Fact]
    public async Task Scored_trajectories_become_pairs_that_can_be_read_back()
    {
        var question = new Question("q", "Where was Nora Vale born?") { Answers = ["Ullin"], Hops = 1, Type = "simple" };
        var writer = await ScoredWriter.CreateAsync(_folder["scored.jsonl"], new DemonstrationHeader { Prompt = PromptStyle.Question, Source = new JsonObject { ["seed"] = 1 } }, TestContext.Current.CancellationToken);
        await using (writer)
        {
            foreach (var (attempt, answer) in new[] { "Ullin", "Harwick", "not stated" }.Index())
            {
                await writer.WriteAsync(await ScoredAsync(question, attempt, answer), TestContext.Current.CancellationToken);
            }

            await writer.CommitAsync();
        }

        var report = await PairBuilding.RunAsync(_folder["scored.jsonl"], new IpDpoPairRuleOptions().Build(), null, _folder["pairs.jsonl"], TestContext.Current.CancellationToken);
        var pairs = await PairFile.ReadAsync(_folder["pairs.jsonl"], TestContext.Current.CancellationToken).ToListAsync();
        var header = await PairFile.ReadHeaderAsync(_folder["pairs.jsonl"], TestContext.Current.CancellationToken);

        var pair = Assert.Single(pairs);
        Assert.Equal(("q-0/q-1", "q", "simple", 1, "easy"), (pair.Id, pair.QuestionId, pair.Type, pair.Hops, pair.Reason));
        Assert.Equal(Author.Prompt, Assert.Single(pair.Prompt).Author);
        Assert.EndsWith("Final answer: Ullin", pair.Chosen[^1].Text, StringComparison.Ordinal);
        Assert.EndsWith("Final answer: Harwick", pair.Rejected[^1].Text, StringComparison.Ordinal);
        Assert.Equal([Author.Policy, Author.Tool, Author.Policy], pair.Chosen.Select(segment => segment.Author));
        Assert.Equal(PromptStyle.Question, header!.Prompt);
        Assert.Equal(3, (int)header.Source!["report"]!["candidates"]!);
        Assert.Equal(1, (int)header.Source["scored"]!["seed"]!);
        Assert.Equal(1, report.Fates["not_needed"]);
    }

    [Theory]
    [InlineData("""{"question":"q1","trajectory":"t9","kind":"both","r_fmt":1,"r_out":1,"r_process":0}""", "single or multi")]
    [InlineData("""{"question":"q1","trajectory":"t9","kind":"multi","r_fmt":1,"r_process":0}""", "\"r_out\" must be a number")]
    [InlineData("""{"question":"q1","trajectory":"t9","kind":"multi","r_fmt":1,"r_out":1.5,"r_process":0}""", "at most 1")]
    [InlineData("""{"question":"q1","trajectory":"t1","kind":"multi","r_fmt":1,"r_out":1,"r_process":0}""", "a second time")]
    [InlineData("""{"question":"q1","trajectory":"t9","kind":"single","r_fmt":1,"r_out":1,"r_process":0}""", "different kinds")]
    [InlineData("""{"question":"q1","kind":"multi","r_fmt":1,"r_out":1,"r_process":0}""", "neither")]
    [InlineData("""{"question":"q1","trajectory":"t9","kind":"multi","r_fmt":1,"r_out":1,"r_proc""", "cut off|not JSON")]
    public async Task A_broken_row_is_named(string row, string reason)
    {
        var problem = await Assert.ThrowsAsync<InputFormatException>(() => BuildAsync([.. Rows, row]));

        Assert.Equal(7, problem.Line);
        Assert.Matches(reason, problem.Message);
    }

    private static async Task<ScoredTrajectory> ScoredAsync(Question question, int attempt, string answer)
    {
        var loop = new AgentBuilder().WithPolicy(new ScriptedPolicy(ProtocolText.RenderStep(1, ["Nora Vale"], question.Text), ProtocolText.RenderSummary("So it is.") + ProtocolText.RenderAnswer(answer)))
            .WithEvidence(new FakeEvidence(FakeEvidence.Chunk("Nora Vale", "Nora Vale was born in Ullin."))).Build();
        var trajectory = await loop.RunAsync(new TrajectoryKey(question.Id, attempt), question.Text, null, TestContext.Current.CancellationToken);
        return await new TrajectoryScorer(new ScoringOptions()).ScoreAsync(question, trajectory, TestContext.Current.CancellationToken);
    }
}
