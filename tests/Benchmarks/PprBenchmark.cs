using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Agentic.Graph;

namespace Agentic.Benchmarks;

/// <summary>Personalized PageRank against igraph: the peer and the kernel in turn, several rounds, medians of the rounds.</summary>
internal static partial class PprBenchmark
{
    private const int Rounds = 3;
    private static readonly double[] Dampings = [0.5, 0.85];
    private static readonly (string Name, int Nodes, int Edges, int Queries)[] Graphs = [("200 nodes, 1.5 k edges", 200, 1_500, 200), ("100 k nodes, 0.8 M edges", 100_000, 800_000, 15), ("1 M nodes, 10 M edges", 1_000_000, 10_000_000, 3)];

    /// <summary>Measures the graphs of at most <paramref name="mostNodes"/> nodes; a run over all of them is written to docs/results.</summary>
    public static int Run(string peers, int mostNodes = int.MaxValue)
    {
        var graphs = Graphs.Where(graph => graph.Nodes <= mostNodes).ToArray();
        var rows = graphs.SelectMany(graph => Measure(peers, graph.Name, graph.Nodes, graph.Edges, graph.Queries)).ToArray();
        if (graphs.Length < Graphs.Length)
        {
            return 0;
        }

        BenchmarkReport.Write("ppr", "dotnet run -c Release --project tests/Benchmarks -- ppr PEERS_DIR", rows);
        return 0;
    }

    private static IEnumerable<Dictionary<string, object>> Measure(string peers, string name, int nodes, int edges, int queries)
    {
        var file = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"agentic-ppr-{nodes}.bin"));
        if (!File.Exists(file))
        {
            Python(Path.Combine(peers, "gen_graph.py"), $"{nodes}", $"{edges}", file);
        }

        var graph = BenchmarkGraph.Read(file);
        var build = Stopwatch.StartNew();
        var matrix = TransitionMatrix.Build(graph.NodeCount, graph.Edges);
        var buildSeconds = build.Elapsed.TotalSeconds;
        var withBuild = nodes < 1000;
        var restarts = graph.Restarts(Math.Max(64, queries));
        Warm(graph, matrix, restarts, withBuild);
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Round(peers, file, graph, matrix, restarts, queries, withBuild)).ToArray();
        foreach (var (number, damping) in Dampings.Index())
        {
            double MedianOf(Func<Times, double> part) => Median([.. rounds.Select(round => part(round[number]))]);
            var (igraph, single, batch) = (MedianOf(times => times.Igraph), MedianOf(times => times.Single), MedianOf(times => times.Batch));
            var row = new Dictionary<string, object>
            {
                ["graph"] = name,
                ["damping"] = damping,
                ["igraph_ms"] = Math.Round(igraph, 4),
                [withBuild ? "build_and_query_ms" : "query_ms"] = Math.Round(single, 4),
                ["times_faster_than_igraph"] = Math.Round(MedianOf(times => times.Igraph / times.Single), 2),
                ["query_only_ms"] = Math.Round(MedianOf(times => times.Kernel), 4),
                ["batch_64_ms_per_vector"] = Math.Round(batch, 4),
                ["batch_share_of_query"] = Math.Round(MedianOf(times => times.Batch / times.Kernel), 3),
                ["batch_l1_to_float64"] = BatchDistance(matrix, restarts, damping),
                ["iterations"] = new PersonalizedPageRank(matrix, Options(damping)).Solve(restarts[0]).Iterations,
                ["build_seconds"] = Math.Round(buildSeconds, 3),
            };
            Console.WriteLine(string.Join("  ", row.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}"))));
            yield return row;
        }
    }

    private static Times[] Round(string peers, string file, BenchmarkGraph graph, TransitionMatrix matrix, IReadOnlyList<NodeWeight>[] restarts, int queries, bool withBuild)
    {
        var printed = Python(Path.Combine(peers, "ppr_peers.py"), file, string.Create(CultureInfo.InvariantCulture, $"{queries}"), "nonx");
        var igraph = IgraphMilliseconds().Matches(printed).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        return [.. Dampings.Select((damping, number) =>
        {
            var kernel = new PersonalizedPageRank(matrix, Options(damping));
            var single = Time(restarts.Take(queries), restart => kernel.Solve(restart));
            var whole = withBuild ? Time(restarts.Take(queries), restart => BuildAndSolve(graph, damping, restart)) : single;
            var batch = Time(Enumerable.Repeat(restarts[..64], withBuild ? 50 : 1), batch => kernel.SolveBatch(batch)) / 64;
            return new Times(igraph[number], whole, single, batch);
        })];
    }

    // The tiered JIT has compiled the last version of every loop after this.
    private static void Warm(BenchmarkGraph graph, TransitionMatrix matrix, IReadOnlyList<NodeWeight>[] restarts, bool small)
    {
        for (var repeat = 0; repeat < (small ? 5000 : 3); repeat++)
        {
            var kernel = new PersonalizedPageRank(matrix, Options(Dampings[repeat % 2]));
            kernel.Solve(restarts[repeat % 64]);
            if (small)
            {
                BuildAndSolve(graph, Dampings[repeat % 2], restarts[repeat % 64]);
            }

            if (repeat % 100 == 0)
            {
                kernel.SolveBatch(restarts[..64]);
            }
        }
    }

    private static PageRankResult BuildAndSolve(BenchmarkGraph graph, double damping, IReadOnlyList<NodeWeight> restart) =>
        new PersonalizedPageRank(TransitionMatrix.Build(graph.NodeCount, graph.Edges), Options(damping)).Solve(restart);

    private static double BatchDistance(TransitionMatrix matrix, IReadOnlyList<NodeWeight>[] restarts, double damping)
    {
        var batch = new PersonalizedPageRank(matrix, Options(damping)).SolveBatch(restarts[..4]);
        var exact = new PersonalizedPageRank(matrix, Options(damping) with { Tolerance = 1e-13 });
        return batch.Select((result, number) => result.Scores.Zip(exact.Solve(restarts[number]).Scores, (a, b) => Math.Abs(a - b)).Sum()).Max();
    }

    private static PageRankOptions Options(double damping) => new() { Damping = damping, Tolerance = 1e-6 };

    private static double Time<T>(IEnumerable<T> items, Func<T, object> work)
    {
        var times = new List<double>();
        foreach (var item in items)
        {
            var watch = Stopwatch.StartNew();
            work(item);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return Median([.. times]);
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string Python(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true })!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    [GeneratedRegex(@"igraph_ms=([0-9.]+)")]
    private static partial Regex IgraphMilliseconds();

    private sealed record Times(double Igraph, double Single, double Kernel, double Batch);
}
