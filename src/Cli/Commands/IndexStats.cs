using System.CommandLine;
using Agentic.Graph;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic index stats</c>: what an index holds and what it was made with.</summary>
internal static class IndexStats
{
    public static Command Create(Terminal terminal)
    {
        var index = IndexOptions.Index();
        return new Command("stats", "What an index holds and what it was made with.") { index }.Runs(terminal, run =>
        {
            var folder = run.Get(index)!;
            var manifest = IndexManifest.Read(folder);
            using var chunks = ChunkIndex.Open(folder);
            var graph = KnowledgeGraph.Freeze(chunks.Chunks);
            var stats = new
            {
                Documents = chunks.Chunks.Select(indexed => indexed.Chunk.DocumentId).Distinct(StringComparer.Ordinal).Count(),
                Chunks = chunks.Chunks.Count,
                Triplets = graph.Triplets.Count,
                Entities = graph.Entities.Count,
                ChunksWithTriplets = chunks.Chunks.Count(indexed => indexed.Triplets.Count > 0),
                manifest.ChunkTokens,
                manifest.ChunkOverlap,
                TripletSource = manifest.Triplets,
                manifest.Format,
            };
            run.Report(stats, console => Tables.Pairs(console, stats));
            return ExitCode.Ok;
        });
    }
}
