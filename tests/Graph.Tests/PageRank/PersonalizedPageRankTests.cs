using System.IO.Compression;
using System.Text.Json;
using Agentic.Retrieval;
using Agentic.TestSupport;
using CsCheck;

namespace Agentic.Graph.Tests;

public sealed class PersonalizedPageRankTests
{
    private static readonly PageRankOptions Exact = new() { Damping = 0.85, Tolerance = 1e-14 };

    // Walk between two nodes, restart at the first: a = d b + (1 - d), b = d a, so a = 1 / (1 + d) and b = d / (1 + d).
    [Theory, InlineData(0.0), InlineData(0.5), InlineData(0.85)]
    public void Two_joined_nodes_share_the_mass_as_one_to_the_damping(double damping)
    {
        var scores = Solve(TransitionMatrix.Build(2, [new(0, 1, 3)]), Exact with { Damping = damping }, new NodeWeight(0, 7)).Scores;

        Assert.Equal(1 / (1 + damping), scores[0], 1e-12);
        Assert.Equal(damping / (1 + damping), scores[1], 1e-12);
    }

    // A directed edge to a dead end, whose mass returns to the restart node: a = d b + (1 - d), b = d a, as above.
    [Fact]
    public void A_dangling_node_sends_its_mass_to_the_restart_nodes()
    {
        var scores = Solve(TransitionMatrix.Build(2, [new(0, 1)], directed: true), Exact with { Damping = 0.5 }, new NodeWeight(0, 1)).Scores;

        Assert.Equal(2.0 / 3, scores[0], 1e-12);
        Assert.Equal(1.0 / 3, scores[1], 1e-12);
    }

    [Fact]
    public void Nodes_that_no_walk_reaches_score_exactly_zero() =>
        Assert.Equal([0, 0, 1], Solve(TransitionMatrix.Build(3, [new(0, 1)]), Exact, new NodeWeight(2, 1)).Scores);

    [Fact]
    public void Fixed_iterations_are_made_whatever_the_change()
    {
        var result = Solve(TransitionMatrix.Build(2, [new(0, 1)]), Exact with { Iterations = 200 }, new NodeWeight(0, 1));

        Assert.Equal(200, result.Iterations);
        Assert.InRange(result.Change, 0, 1e-15);
    }

    [Fact]
    public void Parallel_edges_add_up_and_edges_of_weight_zero_are_dropped()
    {
        var merged = TransitionMatrix.Build(3, [new(0, 1, 3), new(1, 2, 1)]);
        var parallel = TransitionMatrix.Build(3, [new(0, 1, 1), new(1, 2, 1), new(1, 0, 2), new(0, 2, 0)]);

        Assert.Equal(4, merged.ArcCount);
        Assert.Equal(6, parallel.ArcCount);
        AssertClose(Solve(merged, Exact, new NodeWeight(0, 1)).Scores, Solve(parallel, Exact, new NodeWeight(0, 1)).Scores, 1e-12);
    }

    [Theory, InlineData(-1.0), InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(1e-200)]
    public void A_weight_that_is_no_weight_is_refused(double weight) =>
        Assert.Contains("edge 1 has the weight", Assert.Throws<ArgumentException>(() => TransitionMatrix.Build(2, [new(0, 1), new(1, 0, weight)])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_edge_to_nowhere_is_refused() =>
        Assert.Contains("the nodes are 0 to 1", Assert.Throws<ArgumentException>(() => TransitionMatrix.Build(2, [new(0, 2)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_restart_vector_without_mass_or_out_of_the_graph_is_refused()
    {
        var ppr = new PersonalizedPageRank(TransitionMatrix.Build(2, [new(0, 1)]), Exact);

        Assert.Throws<ArgumentException>(() => ppr.Solve([]));
        Assert.Throws<ArgumentException>(() => ppr.Solve([new NodeWeight(0, 0)]));
        Assert.Throws<ArgumentException>(() => ppr.Solve([new NodeWeight(2, 1)]));
        Assert.Throws<ArgumentException>(() => ppr.Solve([new NodeWeight(0, double.NaN)]));
        Assert.Throws<ArgumentException>(() => ppr.SolveBatch([[new NodeWeight(0, 1)], [new NodeWeight(0, -1)]]));
        Assert.Empty(ppr.SolveBatch([]));
    }

    [Fact]
    public void Options_out_of_range_are_refused() =>
        Assert.Throws<OptionsException>(() => new PersonalizedPageRank(TransitionMatrix.Build(1, []), new PageRankOptions { Damping = 1, Tolerance = 0 }));

    // Every property on random graphs with self loops, parallel edges, dangling and isolated nodes, directed or not.
    [Fact]
    public void Scores_solve_the_linear_system() => Check.Sample(RandomCase.Gen, sample =>
        AssertClose(sample.DenseSolution(), sample.Solve().Scores, 1e-10));

    [Fact]
    public void Scores_are_not_negative_and_sum_to_one() => Check.Sample(RandomCase.Gen, sample =>
    {
        var scores = sample.Solve().Scores;
        Assert.True(scores.All(score => score >= 0));
        Assert.Equal(1, scores.Sum(), 1e-12);
    });

    // pi is linear in p for a fixed return of dangling mass; a graph of undirected edges and no isolated restart node has none.
    [Fact]
    public void Scores_are_linear_in_the_restart_vector() => Check.Sample(RandomCase.Gen.Where(sample => !sample.Directed && sample.Edges.Any(edge => edge.Weight > 0)), sample =>
    {
        var (a, b) = (sample.Edges.First(edge => edge.Weight > 0).From, sample.Edges.Last(edge => edge.Weight > 0).To);
        var matrix = sample.Matrix();
        var first = Solve(matrix, Exact, new NodeWeight(a, 1)).Scores;
        var second = Solve(matrix, Exact, new NodeWeight(b, 1)).Scores;
        var both = Solve(matrix, Exact, new NodeWeight(a, 1), new NodeWeight(b, 3)).Scores;
        AssertClose([.. first.Zip(second, (x, y) => (x + 3 * y) / 4)], both, 1e-10);
    });

    [Fact]
    public void Relabelling_the_nodes_relabels_the_scores() => Check.Sample(RandomCase.Gen, sample =>
    {
        int Relabel(int node) => sample.Nodes - 1 - node;
        var relabelled = sample with
        {
            Edges = [.. sample.Edges.Reverse().Select(edge => new WeightedEdge(Relabel(edge.From), Relabel(edge.To), edge.Weight))],
            Restart = [.. sample.Restart.Select(entry => new NodeWeight(Relabel(entry.Node), entry.Weight))],
        };
        AssertClose(sample.Solve().Scores, [.. relabelled.Solve().Scores.Reverse()], 1e-10);
    });

    [Theory, InlineData(1e-13, 1e-11), InlineData(1e-6, 1e-5)]
    public void A_batch_gives_what_its_vectors_give_alone(double tolerance, double distance) => Check.Sample(RandomCase.Gen, sample =>
    {
        IReadOnlyList<NodeWeight>[] restarts = [.. Enumerable.Range(0, 37).Select(turn => sample.Restart.Select(entry => entry with { Node = (entry.Node + turn) % sample.Nodes }).ToArray())];
        var matrix = sample.Matrix();
        var batch = new PersonalizedPageRank(matrix, Exact with { Tolerance = tolerance }).SolveBatch(restarts);
        Assert.Equal(restarts.Length, batch.Count);
        foreach (var (restart, result) in restarts.Zip(batch))
        {
            var single = new PersonalizedPageRank(matrix, Exact with { Tolerance = 1e-13 }).Solve(restart);
            Assert.InRange(single.Scores.Zip(result.Scores, (x, y) => Math.Abs(x - y)).Sum(), 0, distance);
        }
    }, iter: 30);

    [Fact]
    public void Published_and_reference_vectors_are_met()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(PublicData.Require("graphs-pagerank/graphs.jsonl.gz")), CompressionMode.Decompress));
        var vectors = 0;
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            vectors += CheckGraph(json.RootElement);
        }

        Assert.Equal(26, vectors);
    }

    private static int CheckGraph(JsonElement graph)
    {
        var numbers = graph.GetProperty("nodes").EnumerateArray().Select((node, number) => (node.ToString(), number)).ToDictionary();
        var edges = graph.GetProperty("edges").EnumerateArray()
            .Select(edge => new WeightedEdge(numbers[edge[0].ToString()], numbers[edge[1].ToString()], edge.GetArrayLength() > 2 ? edge[2].GetDouble() : 1)).ToArray();
        var matrix = TransitionMatrix.Build(numbers.Count, edges, graph.GetProperty("directed").GetBoolean());
        var vectors = graph.GetProperty("expected").EnumerateArray().ToArray();
        foreach (var vector in vectors)
        {
            var personalization = vector.GetProperty("personalization");
            IReadOnlyList<NodeWeight> restart = personalization.ValueKind == JsonValueKind.Null
                ? PersonalizedPageRank.Uniform(numbers.Count)
                : [.. personalization.EnumerateObject().Select(entry => new NodeWeight(numbers[entry.Name], entry.Value.GetDouble()))];
            var expected = new double[numbers.Count];
            foreach (var entry in vector.GetProperty("pagerank").EnumerateObject())
            {
                expected[numbers[entry.Name]] = entry.Value.GetDouble();
            }

            var options = Exact with { Damping = vector.GetProperty("alpha").GetDouble() };
            AssertClose(expected, Solve(matrix, options, [.. restart]).Scores, 1e-9);
            var batch = new PersonalizedPageRank(matrix, options with { Tolerance = 1e-6 }).SolveBatch([restart])[0];
            Assert.InRange(expected.Zip(batch.Scores, (x, y) => Math.Abs(x - y)).Sum(), 0, 1e-5);
        }

        return vectors.Length;
    }

    private static PageRankResult Solve(TransitionMatrix matrix, PageRankOptions options, params NodeWeight[] restart) =>
        new PersonalizedPageRank(matrix, options).Solve(restart);

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var node = 0; node < expected.Length; node++)
        {
            Assert.Equal(expected[node], actual[node], tolerance);
        }
    }
}
