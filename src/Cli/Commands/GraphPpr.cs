using System.CommandLine;
using System.Globalization;
using Agentic.Graph;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic graph ppr</c>: Personalized PageRank of a graph given as edges.</summary>
internal static class GraphPpr
{
    private const int ShownNodes = 20;

    public static Command Create(Terminal terminal)
    {
        var edges = new Option<string>("--edges") { Description = "Tab-separated rows: from, to and optionally a weight.", HelpName = "FILE", Required = true };
        var restart = new Option<string[]>("--restart") { Description = "Where the walk restarts: node=weight,...; may be repeated.", HelpName = "node=weight,...", Required = true };
        var directed = new Option<bool>("--directed") { Description = "Walk edges from the first to the second node only." };
        var damping = new AliasOption("--damping", "pageRank.damping", "Probability of following an edge instead of restarting.", "D");
        var tolerance = new AliasOption("--tol", "pageRank.tolerance", "L1 change at which the computation stops.", "T");
        return new Command("ppr", "Personalized PageRank of the graph in a file of edges.") { edges, restart, damping, tolerance, directed }.Runs(terminal, async run =>
        {
            var options = run.Settings.PageRank;
            var graph = await EdgeFile.ReadAsync(run.Get(edges)!, run.Get(directed), run.Cancelled).ConfigureAwait(false);
            var seeds = run.Get(restart)!.SelectMany(list => list.Split(',')).Select(entry => Seed(graph, entry)).ToList();
            if (seeds.Sum(seed => seed.Weight) <= 0)
            {
                throw new UsageException("--restart: every weight is zero; at least one must be positive");
            }

            var result = new PersonalizedPageRank(graph.Matrix, options).Solve(seeds);
            var ranked = Enumerable.Range(0, graph.Names.Count)
                .OrderByDescending(node => result.Scores[node])
                .ThenBy(node => graph.Names[node], StringComparer.Ordinal)
                .ToList();
            run.Report(
                new { Scores = ranked.ToDictionary(node => graph.Names[node], node => result.Scores[node]), result.Iterations, L1 = result.Change },
                console => Show(console, graph.Names, ranked, result));
            return ExitCode.Ok;
        });
    }

    private static NodeWeight Seed(NamedGraph graph, string entry)
    {
        var equals = entry.LastIndexOf('=');
        var name = (equals < 0 ? entry : entry[..equals]).Trim();
        var weight = 1.0;
        if (equals >= 0 && !(double.TryParse(entry[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out weight) && weight >= 0 && double.IsFinite(weight)))
        {
            throw new UsageException($"--restart {entry}: the weight must be a number of at least 0; write node=weight, like a=1,b=0.5");
        }

        return graph.Numbers.TryGetValue(name, out var node)
            ? new NodeWeight(node, weight)
            : throw new UsageException($"--restart {entry}: no edge names the node '{name}'{NearestName.Hint(name, graph.Names.Count <= 1000 ? graph.Names : [])}");
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<string> names, IReadOnlyList<int> ranked, PageRankResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("node").AddColumn(new TableColumn("score").RightAligned());
        foreach (var node in ranked.Take(ShownNodes))
        {
            table.AddRow(Markup.Escape(names[node]), result.Scores[node].ToString("0.0000000000", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        console.MarkupLineInterpolated($"{names.Count:N0} nodes, {result.Iterations} iterations, last L1 change {result.Change:0.0e0}");
    }
}
