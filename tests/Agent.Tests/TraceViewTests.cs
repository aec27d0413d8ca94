using Agentic.Retrieval;

namespace Agentic.Agent.Tests;

public sealed class TraceViewTests
{
    // The chunk (node 2) is fed by the subquery over an edge of weight 1 of its 2, mass 0.4 * 1/2 = 0.2, and by the entity over its only edge, mass 0.1 * 1/1 = 0.1: two thirds and one third.
    private static readonly Step Step = new(1, ["Nora Vale"], "Where was Nora Vale born?", [FakeEvidence.Chunk("Nora Vale", "Nora Vale was born in\nUllin.", 0.3, "c7") with { Path = [new PathHop("Vale", "Nora Vale", "c7", 1)] }, FakeEvidence.Triplet("Nora Vale", "born in", "Ullin", 0.2)], "she was born in Ullin")
    {
        Trace = new EvidenceTrace(
            [new TraceNode("subquery", "Where was Nora Vale born?", 0.4, false), new TraceNode("entity", "Nora Vale", 0.1, false), new TraceNode("chunk", "c7", 0.3, true), new TraceNode("triplet", "Nora Vale born in Ullin", 0.2, true)],
            [new TraceEdge(0, 2, 1), new TraceEdge(1, 2, 1), new TraceEdge(0, 3, 1)],
            17),
    };

    [Fact]
    public void A_trajectory_is_rendered_with_scores_origin_and_answer()
    {
        var trajectory = new Trajectory("q1", 0, "symbolic/1", new Seed(1), [], [Step], "Ullin", StopReason.Answered, new TokenCounts(30, 60, 90, 1), 0.0042) { Question = "Where was she born?" };

        Assert.Equal(
            """
            Question  Where was she born?
            Attempt   0 at q1 by symbolic/1: answered, 1 step, 30 tokens written + 60 read, 4 ms
            Step 1    Where was Nora Vale born? [Nora Vale]
              1. chunk   0.3000  Nora Vale: Nora Vale was born in Ullin.  <- subquery 67%, Nora Vale 33%
                   Vale -> c7: Nora Vale
              2. triplet 0.2000  Nora Vale born in Ullin (in Nora Vale)  <- subquery 100%
              graph   nodes: 1 chunk, 1 entity, 1 subquery, 1 triplet; 3 edges, 17 iterations
              so      she was born in Ullin
            Answer    Ullin

            """,
            TraceView.Render(trajectory));
    }

    [Fact]
    public void Foreign_control_characters_do_not_reach_the_terminal()
    {
        var step = Step with { Evidence = [FakeEvidence.Chunk("\u001b[31mred", "a\u0007b\u001b]0;title\u0007")], Subquery = "x\u001b[2J", Summary = "\u001b[0m", Trace = null };

        Assert.All(TraceView.StepLines(step), line => Assert.DoesNotContain(line.Text, char.IsControl));
    }
}
