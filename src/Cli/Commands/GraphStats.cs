using System.CommandLine;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary><c>agentic graph stats</c>: the size and shape of the graph of an index.</summary>
internal static class GraphStats
{
    public static Command Create(Terminal terminal)
    {
        var index = IndexOptions.Index();
        return new Command("stats", "The size and shape of the graph of an index.") { index }.Runs(terminal, run =>
        {
            using var chunks = ChunkIndex.Open(run.Get(index)!);
            var stats = GraphStatistics.Of(KnowledgeGraph.Freeze(chunks.Chunks));
            run.Report(stats, console => Tables.Pairs(console, stats));
            return ExitCode.Ok;
        });
    }
}
