using System.CommandLine;
using Agentic.Graph;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic graph export</c>: the graph of an index as GraphML or JSON.</summary>
internal static class GraphExport
{
    private static readonly string[] Formats = ["graphml", "json"];

    public static Command Create(Terminal terminal)
    {
        var index = IndexOptions.Index();
        var output = new Option<string>("--out") { Description = "File to write.", HelpName = "FILE", Required = true };
        var format = new Option<string?>("--format") { Description = "Default: the ending of the file, else graphml.", HelpName = "graphml|json" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        return new Command("export", "Writes the graph of an index as GraphML (Gephi, yEd, Cytoscape, igraph, networkx) or JSON.") { index, output, format, force }.Runs(terminal, async run =>
        {
            var path = run.Get(output)!;
            var chosen = Format(run.Get(format), path);
            if (File.Exists(path) && !run.Get(force))
            {
                throw new UsageException($"--out {path}: is there already; name another file, or replace it with --force");
            }

            using var file = WholeFile.Claim("--out", path);
            using var chunks = ChunkIndex.Open(run.Get(index)!);
            var graph = KnowledgeGraph.Freeze(chunks.Chunks);
            var stream = File.Create(file.TemporaryPath);
            await using (stream.ConfigureAwait(false))
            {
                await (chosen == "json" ? GraphJson.WriteAsync(graph, stream, run.Cancelled) : GraphMl.WriteAsync(graph, stream, run.Cancelled)).ConfigureAwait(false);
            }

            file.Commit();
            run.Report(
                new { Path = path, Format = chosen, Entities = graph.Entities.Count, Triplets = graph.Triplets.Count },
                console => console.MarkupLineInterpolated($"{path}: {Counted.Of(graph.Entities.Count, "entity", "entities")}, {Counted.Of(graph.Triplets.Count, "triplet")} as {chosen}."));
            return ExitCode.Ok;
        });
    }

    private static string Format(string? typed, string path)
    {
        var format = typed ?? (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "json" : "graphml");
        return Formats.Contains(format, StringComparer.Ordinal) ? format : throw new UsageException($"--format {format}: unknown{NearestName.Hint(format, Formats)}");
    }
}
