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
            var graph = KnowledgeGraph.Freeze(chunks.Chunks);
            var degrees = graph.Entities.Select(entity => entity.Triplets.Count).Order().ToList();
            var stats = new
            {
                Entities = graph.Entities.Count,
                Triplets = graph.Triplets.Count,
                Relations = graph.Triplets.Select(triplet => triplet.Relation).Distinct(StringComparer.Ordinal).Count(),
                SupportedByMoreThanOneChunk = graph.Triplets.Count(triplet => triplet.SupportingChunkIds.Count > 1),
                MedianTripletsPerEntity = degrees.Count == 0 ? 0 : degrees[degrees.Count / 2],
                MostTripletsOfAnEntity = degrees.Count == 0 ? 0 : degrees[^1],
                ChunksWithoutTriplets = chunks.Chunks.Count(indexed => indexed.Triplets.Count == 0),
            };
            run.Report(stats, console => Tables.Pairs(console, stats));
            return ExitCode.Ok;
        });
    }
}
