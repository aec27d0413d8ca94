using Agentic.Retrieval;

namespace Agentic.Agent.Tests;

public sealed class TrajectoryScorerTests
{
    private static readonly Question TwoHops = new("q", "Where was the designer of the Kestrel Bridge born?")
    {
        Answers = ["Ullin", "Port Ullin"],
        Hops = 2,
        Decomposition =
        [
            new SubQuestion("Who designed the Kestrel Bridge?", "Ida Moran", "kestrel") { Triplets = [new Fact("Kestrel Bridge", "designer", "Ida Moran")], Summary = "The Kestrel Bridge was designed by Ida Moran." },
            new SubQuestion("Where was #1 born?", "Ullin", "ida"),
        ],
    };

    private static readonly Evidence Bridge = FakeEvidence.Chunk("Kestrel Bridge", "It was designed by Ida Moran.");

    private static Trajectory Attempt(string? answer, params Step[] steps) => new(
        "q", 0, "scripted/1", new Seed(1), [new Segment(0, Author.Prompt, "Question")], steps, answer, answer is null ? StopReason.Malformed : StopReason.Answered, default, 0) { Question = TwoHops.Text };

    private static Step Step(int number, string entity, string subquery, string summary, params Evidence[] evidence) => new(number, [entity], subquery, evidence, summary);

    private static ValueTask<ScoredTrajectory> ScoreAsync(Trajectory trajectory, ScoringOptions? options = null, Question? question = null) =>
        new TrajectoryScorer(options ?? new ScoringOptions()).ScoreAsync(question ?? TwoHops, trajectory, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Rewards_of_a_two_hop_attempt_by_hand()
    {
        var scored = await ScoreAsync(Attempt(
            "Ullin",
            Step(1, "Kestrel Bridge", "Who designed the Kestrel Bridge?", "The Kestrel Bridge was designed by Ida Moran.", Bridge),
            Step(2, "Ida Moran", "Where was she born?", "She was born in Ullin.", FakeEvidence.Chunk("Ida Moran", "Ida Moran was born in Ullin."))));

        // Unit 1: kestrel, bridge, design, ida, moran; or as a fact the same five. Best subquery 3/5, evidence 5/5, summary 5/5.
        // Unit 2, "Where was Ida Moran born? Ullin": ida, moran, born, ullin. Best subquery: "born" 1/4; evidence 4/4; summary born, ullin 2/4; the summary of step 1 has ida, moran: 2/4.
        // Entities: "Kestrel Bridge" is in its subquery, "Ida Moran" is not: r_cons 1/2. All divided by k = 2.
        Assert.Equal(HopKind.Multi, scored.Kind);
        Assert.Equal(GoldUnit.Hops, scored.Unit);
        Assert.Equal(1, scored.Reward.Outcome);
        Assert.Equal(1, scored.Reward.Format);
        Assert.Equal(0.5, scored.Reward.Consistency, 1e-12);
        Assert.Equal((0.6 + 0.25) / 2, scored.Reward.Query, 1e-12);
        Assert.Equal(1, scored.Reward.Context, 1e-12);
        Assert.Equal((1 + 0.5) / 2, scored.Reward.Summary, 1e-12);
    }

    [Fact]
    public async Task A_question_of_one_hop_or_without_gold_evidence_is_divided_by_its_steps()
    {
        var trajectory = Attempt("Ullin", Step(1, "Ida", "Who is Ida?", "An engineer."), Step(2, "Ida", "Where was Ida born?", "In Ullin."));
        var one = await ScoreAsync(trajectory, question: TwoHops with { Hops = 1 });
        var unknown = await ScoreAsync(trajectory, question: TwoHops with { Decomposition = [], Hops = null });

        Assert.All([one, unknown], scored => Assert.Equal((HopKind.Single, 0.5, 0.0, 1.0), (scored.Kind, scored.Reward.Outcome, scored.Reward.Process, scored.Value)));
    }

    [Fact]
    public async Task The_answer_counts_by_its_best_alias()
    {
        var scored = await ScoreAsync(Attempt("the Port Ullin", Step(1, "a", "a?", "b")));

        Assert.Equal((1.0, 1.0), (scored.Em, scored.F1));
    }

    [Fact]
    public async Task Form_needs_an_answer_of_ones_own_after_a_step()
    {
        var step = Step(1, "a", "a?", "b");

        Assert.Equal(1, (await ScoreAsync(Attempt("x", step))).Reward.Format);
        Assert.Equal(0, (await ScoreAsync(Attempt("x"))).Reward.Format);
        Assert.Equal(0, (await ScoreAsync(Attempt(null, step))).Reward.Format);
        Assert.Equal(0, (await ScoreAsync(Attempt("x", step) with { Stop = StopReason.StepLimit })).Reward.Format);
        Assert.Equal(0, (await ScoreAsync(Attempt("x", step with { Summary = null }))).Reward.Format);
    }

    [Theory]
    [InlineData("Lothair II", "Who was Lothair II's mother?", true)]
    [InlineData("the Kestrel Bridge", "Who designed KESTREL bridge?", true)]
    [InlineData("Ida Moran", "Where was she born?", false)]
    public void Entities_are_looked_for_in_the_subquery(string entity, string subquery, bool isIn) =>
        Assert.Equal(isIn, TrajectoryScorer.IsConsistent(new Step(1, [entity], subquery, [], "s")));

    [Fact]
    public async Task Without_process_nothing_is_divided()
    {
        var trajectory = Attempt("Ullin", Step(1, "Ida", "Who is Ida?", "An engineer."), Step(2, "Ida", "Where was Ida born?", "In Ullin."));
        var scored = await ScoreAsync(trajectory, new ScoringOptions { Rewards = RewardParts.OutcomeFormat }, TwoHops with { Hops = 1 });

        Assert.Equal((1.0, 1.0, 0.0), (scored.Reward.Outcome, scored.Reward.Format, scored.Reward.Process));
    }

    [Fact]
    public async Task Any_relevance_gives_similarity_through_a_sigmoid()
    {
        var match = new RelevanceMatch(new FixedRelevance(Math.Log(3)));

        Assert.Equal([0.75, 0.75], (await match.MatchAsync("gold", [default, default], TestContext.Current.CancellationToken)).Select(value => Math.Round(value, 12)));
    }

    private sealed class FixedRelevance(double logit) : IRelevance
    {
        public ValueTask<IReadOnlyList<double>> ScoreAsync(string query, IReadOnlyList<RelevanceCandidate> candidates, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<double>>([.. candidates.Select(_ => logit)]);
    }
}
