using CsCheck;

namespace Agentic.Graph.Tests;

/// <summary>A small random graph with a restart vector, and the slow way to its PageRank.</summary>
internal sealed record RandomCase(int Nodes, WeightedEdge[] Edges, bool Directed, NodeWeight[] Restart, double Damping)
{
    public static readonly Gen<RandomCase> Gen =
        from nodes in CsCheck.Gen.Int[1, 12]
        from edges in CsCheck.Gen.Select(CsCheck.Gen.Int[0, nodes - 1], CsCheck.Gen.Int[0, nodes - 1], CsCheck.Gen.OneOf(0, 0.1, 1.0, 2.5), (a, b, weight) => new WeightedEdge(a, b, weight)).Array[0, 25]
        from directed in CsCheck.Gen.Bool
        from restart in CsCheck.Gen.Select(CsCheck.Gen.Int[0, nodes - 1], CsCheck.Gen.Double[0.1, 2], (node, weight) => new NodeWeight(node, weight)).Array[1, 4]
        from damping in CsCheck.Gen.OneOf(0.1, 0.5, 0.85, 0.95)
        select new RandomCase(nodes, edges, directed, restart, damping);

    public TransitionMatrix Matrix() => TransitionMatrix.Build(Nodes, Edges, Directed);

    public PageRankResult Solve() => new PersonalizedPageRank(Matrix(), new PageRankOptions { Damping = Damping, Tolerance = 1e-14 }).Solve(Restart);

    /// <summary>Solves (I - d P) pi = (1 - d) p by Gauss elimination, with a column p in P for each dangling node.</summary>
    public double[] DenseSolution()
    {
        var restart = new double[Nodes];
        foreach (var (node, weight) in Restart)
        {
            restart[node] += weight / Restart.Sum(entry => entry.Weight);
        }

        var arcs = new double[Nodes, Nodes];
        foreach (var (from, to, weight) in Edges)
        {
            arcs[to, from] += weight;
            if (!Directed && from != to)
            {
                arcs[from, to] += weight;
            }
        }

        var system = new double[Nodes, Nodes + 1];
        for (var column = 0; column < Nodes; column++)
        {
            var strength = Enumerable.Range(0, Nodes).Sum(row => arcs[row, column]);
            for (var row = 0; row < Nodes; row++)
            {
                system[row, column] = (row == column ? 1 : 0) - Damping * (strength > 0 ? arcs[row, column] / strength : restart[row]);
            }

            system[column, Nodes] = (1 - Damping) * restart[column];
        }

        return Eliminate(system);
    }

    // Columns of the system are diagonally dominant, so no pivoting is needed.
    private double[] Eliminate(double[,] system)
    {
        for (var pivot = 0; pivot < Nodes; pivot++)
        {
            for (var row = 0; row < Nodes; row++)
            {
                var factor = row == pivot ? 0 : system[row, pivot] / system[pivot, pivot];
                for (var column = 0; factor != 0 && column <= Nodes; column++)
                {
                    system[row, column] -= factor * system[pivot, column];
                }
            }
        }

        return [.. Enumerable.Range(0, Nodes).Select(row => system[row, Nodes] / system[row, row])];
    }
}
