using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

public sealed class KnowledgeAssociationGraphTests
{
    private const double Exact = 1e-10;

    [Fact]
    public void Masses_of_one_chunk_without_a_title_are_those_solved_by_hand()
    {
        // Nodes: subquery s, chunk c; one edge of weight w. Both columns of W hold a single 1, restart p = (1, 0), alpha = 1/2:
        // s = c/2 + 1/2 and c = s/2 give s = 2/3, c = 1/3, whatever w is.
        var graph = Build([], [(Chunk("c", ""), 0.7)], []);

        var masses = graph.Rank(0.5, 200).Scores;

        Assert.Equal(2.0 / 3, masses[0], Exact);
        Assert.Equal(1.0 / 3, masses[1], Exact);
    }

    [Fact]
    public void Relevance_divides_the_mass_of_the_subquery()
    {
        // Two untitled chunks with weights .6 and .2: the subquery sends 3/4 and 1/4, each chunk sends all back.
        // s = (c1 + c2)/2 + 1/2, c1 = 3/8 s, c2 = 1/8 s: s = 2/3, c1 = 1/4, c2 = 1/12.
        var graph = Build([], [(Chunk("c1", ""), 0.6), (Chunk("c2", ""), 0.2)], []);

        var masses = graph.Rank(0.5, 200).Scores;

        Assert.Equal(1.0 / 4, masses[1], Exact);
        Assert.Equal(1.0 / 12, masses[2], Exact);
    }

    [Fact]
    public void A_key_entity_without_edges_gives_its_mass_back_to_the_restart()
    {
        // p = (2/3, 0, 1/3) for subquery, chunk, entity; the entity is dangling, so what walks out of it returns by p.
        // e = (e/2 + 1/2)/3 gives e = 1/5; s = c/2 + (e/2 + 1/2) 2/3, c = s/2: s = 8/15, c = 4/15.
        var graph = Build(["Nowhere"], [(Chunk("c", ""), 0.5)], []);

        var masses = graph.Rank(0.5, 200).Scores;

        Assert.Equal([8.0 / 15, 4.0 / 15, 1.0 / 5], masses, (expected, actual) => Math.Abs(expected - actual) < Exact);
    }

    [Fact]
    public void Every_edge_kind_is_there_with_its_weight()
    {
        var chunk = Chunk("c", "Mill Road");
        var graph = Build(
            ["Ann Lee"],
            [(chunk, 0.9), (Chunk("other", "Elsewhere"), 0.3)],
            [(new Triplet("Mill Road", "written by", "Ann Lee", ["c"]), 0.8)]);

        // 0 subquery, 1 c, 2 other, 3 triplet, 4 Ann Lee (key), 5 Mill Road (title), 6 Elsewhere (title)
        Assert.Equal(["s", "c", "other", "Mill Road written by Ann Lee", "Ann Lee", "Mill Road", "Elsewhere"], graph.Nodes.Select(node => node.Label));
        var edges = graph.Edges.ToDictionary(edge => (edge.From, edge.To), edge => edge.Weight);
        var expected = new Dictionary<(int, int), double>
        {
            [(0, 1)] = 0.9,
            [(0, 2)] = 0.3,
            [(0, 3)] = 0.8 - 0.2,
            [(4, 5)] = 1,
            [(3, 5)] = 1,
            [(3, 4)] = 1,
            [(1, 3)] = 1,
            [(1, 5)] = 1,
            [(1, 4)] = 1,
            [(2, 6)] = 1,
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key), edges.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void A_triplet_of_a_chunk_that_was_not_kept_has_no_edge_to_a_chunk()
    {
        var graph = Build([], [(Chunk("c", "Mill Road"), 0.9)], [(new Triplet("Mill Road", "written by", "Ann Lee", ["elsewhere"]), 0.8)]);

        Assert.DoesNotContain(graph.Edges, edge => edge.From == 1 && edge.To == 2);
        Assert.DoesNotContain(graph.Edges, edge => edge.From == 1 && graph.Nodes[edge.To].Label == "Ann Lee");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.2)]
    public void A_triplet_at_or_under_tau_is_not_joined_to_the_subquery(double relevance)
    {
        var graph = Build([], [], [(new Triplet("Mill Road", "written by", "Ann Lee", ["c"]), relevance)]);

        Assert.DoesNotContain(graph.Edges, edge => edge.From == 0);
    }

    [Fact]
    public void Names_with_one_key_are_one_node_and_restart_once()
    {
        var graph = Build(["Ann Lee", "ANN LEE", "—"], [(Chunk("c", "ann lee"), 0.9)], [(new Triplet("Ann  Lee", "knows", "Ann Lee", ["c"]), 0.8)]);

        Assert.Equal(0.5, Assert.Single(graph.Nodes, node => node.Kind == AssociationKind.Entity).Restart);
        Assert.DoesNotContain(graph.Edges, edge => edge.From == edge.To);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.85)]
    public void Masses_solve_the_linear_system(double alpha)
    {
        var graph = Build(
            ["Ann Lee", "Nowhere"],
            [(Chunk("c1", "Mill Road"), 0.9), (Chunk("c2", "Ann Lee"), 0.4), (Chunk("c3", ""), 0.05)],
            [
                (new Triplet("Mill Road", "written by", "Ann Lee", ["c1", "c2"]), 0.8),
                (new Triplet("Ann Lee", "born in", "Hull", ["c2"]), 0.15),
                (new Triplet("Hull", "part of", "England", ["c9"]), 0.3),
            ]);

        var masses = graph.Rank(alpha, 1000).Scores;

        Assert.Equal(1, masses.Sum(), Exact);
        Assert.All(DenseSolution(graph, alpha).Zip(masses), pair => Assert.Equal(pair.First, pair.Second, Exact));
    }

    private static KnowledgeAssociationGraph Build(string[] keyEntities, (Chunk, double)[] chunks, (Triplet, double)[] triplets) =>
        KnowledgeAssociationGraph.Build("s", keyEntities, chunks, triplets, 0.2);

    private static Chunk Chunk(string id, string title) => new(id, id, 0, title, "text", 0, 4);

    /// <summary>(I - alpha W) pi = (1 - alpha) p by elimination; a column without edges is p.</summary>
    private static double[] DenseSolution(KnowledgeAssociationGraph graph, double alpha)
    {
        var n = graph.Nodes.Count;
        var p = graph.Nodes.Select(node => node.Restart / graph.Nodes.Sum(other => other.Restart)).ToArray();
        var adjacency = new double[n, n];
        foreach (var edge in graph.Edges)
        {
            adjacency[edge.From, edge.To] = adjacency[edge.To, edge.From] = edge.Weight;
        }

        var system = new double[n, n + 1];
        for (var column = 0; column < n; column++)
        {
            var sum = Enumerable.Range(0, n).Sum(row => adjacency[row, column]);
            for (var row = 0; row < n; row++)
            {
                var w = sum > 0 ? adjacency[row, column] / sum : p[row];
                system[row, column] = (row == column ? 1 : 0) - (alpha * w);
            }
        }

        for (var row = 0; row < n; row++)
        {
            system[row, n] = (1 - alpha) * p[row];
        }

        for (var pivot = 0; pivot < n; pivot++)
        {
            for (var row = 0; row < n; row++)
            {
                if (row != pivot)
                {
                    var factor = system[row, pivot] / system[pivot, pivot];
                    for (var column = pivot; column <= n; column++)
                    {
                        system[row, column] -= factor * system[pivot, column];
                    }
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(row => system[row, n] / system[row, row])];
    }
}
