using System.CommandLine;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic retrieve</c>: the best chunks for a query, and why they are there when the retriever can say.</summary>
internal static class Retrieve
{
    private const int ShownCharacters = 240;

    public static Command Create(Terminal terminal)
    {
        var index = IndexOptions.Index();
        var query = new Option<string>("--query") { Description = "Key words or a question.", HelpName = "Q", Required = true };
        var limit = Limits.Option("--limit", "Number of chunks.", 10);
        var command = new Command("retrieve", "Ranks the chunks of an index for a query.")
        {
            index, query, limit, IndexOptions.Retriever(), IndexOptions.Analyzer(), IndexOptions.K1(), IndexOptions.B(),
        };
        return command.Runs(terminal, async run =>
        {
            var text = Limits.Text("--query", run.Get(query));
            var options = run.Settings.Retriever;
            using var chunks = ChunkIndex.Open(run.Get(index)!);
            var hits = await options.Build(chunks).SearchAsync(text, run.Get(limit), run.Cancelled).ConfigureAwait(false);
            run.Report(
                new
                {
                    Query = text,
                    Hits = hits.Select((hit, rank) => new { Rank = rank + 1, hit.Chunk.Id, hit.Chunk.DocumentId, hit.Score, hit.Chunk.Title, hit.Chunk.Text, hit.Path }),
                },
                console => Show(console, hits));
            return ExitCode.Ok;
        });
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<ScoredChunk> hits)
    {
        if (hits.Count == 0)
        {
            console.WriteLine("No chunk matches the query.");
        }

        foreach (var (hit, rank) in hits.Select((hit, rank) => (hit, rank + 1)))
        {
            var text = hit.Chunk.Text.ReplaceLineEndings(" ");
            console.MarkupLineInterpolated($"[bold]{rank}. {hit.Chunk.Title}[/] [grey]{hit.Chunk.Id}  {hit.Score:0.0000}[/]");
            console.WriteLine("   " + (text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "..."));
            foreach (var hop in hit.Path ?? [])
            {
                console.MarkupLineInterpolated($"   [grey]{hop.From} -> {hop.To}: {hop.Via}[/]");
            }
        }
    }
}
