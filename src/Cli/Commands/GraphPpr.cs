using System.CommandLine;
using System.Globalization;
using Agentic.Graph;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic graph ppr</c>: Personalized PageRank of a graph given as edges.</summary>
internal static class GraphPpr
{
    private const int ShownNodes = 20;

    public static Command Create(Terminal terminal)
    {
        var edges = new Option<string>("--edges") { Description = "Rows of from, to and, if you like, a weight between tabs.", HelpName = "FILE", Required = true };
        var restart = new Option<string>("--restart") { Description = "Where the walk restarts.", HelpName = "node=weight,...", Required = true };
        var directed = new Option<bool>("--directed") { Description = "Walk edges from the first to the second node only." };
        var damping = new AliasOption("--damping", "pageRank.damping", "Probability of following an edge instead of restarting.", "D");
        var tolerance = new AliasOption("--tol", "pageRank.tolerance", "L1 change at which the computation stops.", "T");
        return new Command("ppr", "Personalized PageRank of the graph in a file of edges.") { edges, restart, damping, tolerance, directed }.Runs(terminal, async run =>
        {
            var options = run.Settings.PageRank;
            var graph = await EdgeListFile.ReadAsync(run.Get(edges)!, run.Cancelled).ConfigureAwait(false);
            var seeds = graph.ParseRestart(run.Get(restart)!);
            var result = new PersonalizedPageRank(graph.ToMatrix(run.Get(directed)), options).Solve(seeds);
            var ranked = Enumerable.Range(0, graph.Nodes.Count)
                .OrderByDescending(node => result.Scores[node])
                .ThenBy(node => graph.Nodes[node], StringComparer.Ordinal)
                .ToList();
            run.Report(
                new { Scores = ranked.ToDictionary(node => graph.Nodes[node], node => result.Scores[node]), result.Iterations, L1 = result.Change },
                console => Show(console, graph.Nodes, ranked, result));
            return ExitCode.Ok;
        });
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<string> names, IReadOnlyList<int> ranked, PageRankResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("node").AddColumn(new TableColumn("score").RightAligned());
        foreach (var node in ranked.Take(ShownNodes))
        {
            table.AddRow(Markup.Escape(names[node]), result.Scores[node].ToString("0.0000000000", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        console.MarkupLineInterpolated($"{Counted.Of(names.Count, "node")}, {Counted.Of(result.Iterations, "iteration")}, last L1 change {result.Change:0.0e0}");
    }
}
