using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

public sealed class QuestionWalkTests
{
    private static readonly ChunkIndex Index = Small.Index(
        ("The Silent Mill", "The Silent Mill is a film written by Ana Roth. It was directed by Oto Brandl."),
        ("Ana Roth", "Ana Roth wrote novels."),
        ("Oto Brandl", "Oto Brandl grew up in the north."));

    private static readonly GraphRetrieverOptions Options = new();
    private static readonly ChunkLinks Links = LinksOf("Who is the director of The Silent Mill?");

    // x0 = (1 - d) + d (x1 + x2), for the seed is the whole restart vector and takes the dangling mass back; x1 + x2 = d x0 by the two links of the seed.
    // So (x1 + x2) / x0 = d, split as the powers of the weights.
    [Fact]
    public void Mass_of_one_seed_is_that_of_the_closed_form()
    {
        var links = Links.Of(0).ToDictionary(link => link.Target, link => Math.Pow(link.Weight, Options.LinkPower));

        var mass = new QuestionWalk(Links, [(0, 0.8)], Options).Mass;

        Assert.Equal(1, mass[0], 5);
        Assert.Equal(Options.Damping * links[2] / links.Values.Sum(), mass[2], 5);
        Assert.Equal(Options.Damping, mass.Where(entry => entry.Key != 0).Sum(entry => entry.Value), 5);
    }

    [Fact]
    public void The_link_near_the_asked_relation_outweighs_the_other()
    {
        var links = Links.Of(0).ToDictionary(link => link.Target, link => link.Weight);

        Assert.True(links[2] > links[1]);
    }

    [Fact]
    public void The_best_link_into_a_chunk_leaves_the_seed()
    {
        var walk = new QuestionWalk(Links, [(0, 0.8)], Options);

        Assert.Equal(0, walk.BestInto(2)!.Value.From);
        Assert.Null(walk.BestInto(0));
    }

    // Two seeds without links between them: masses are as the squares of their values.
    [Fact]
    public void Seeds_enter_by_their_power()
    {
        var mass = new QuestionWalk(Links, [(1, 0.8), (2, 0.4)], Options with { ReverseWeight = 0 }).Mass;

        Assert.Equal(0.25, mass[2] / mass[1], 5);
    }

    [Fact]
    public void No_seed_gives_no_mass() => Assert.Empty(new QuestionWalk(Links, [], Options).Mass);

    private static ChunkLinks LinksOf(string question) =>
        new(new ChunkGraph(Index.Names), Options with { ReverseWeight = 0 }, new QuestionView(Index.Names, Options, question));
}
