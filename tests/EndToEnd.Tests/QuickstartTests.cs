using System.Text.Json.Nodes;
using Agentic.Cli;

namespace Agentic.EndToEnd.Tests;

public sealed class QuickstartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_tells_the_whole_story_and_leaves_the_index_where_it_says()
    {
        var run = await CommandLine.RunAsync("quickstart", "--out", _folder["q"]);
        var again = await CommandLine.RunAsync("quickstart", "--out", _folder["q"], "--json");

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Equal("", run.Error);
        foreach (var part in new[] { _folder["q"], "triplets", "Step 1", "Answer", "recall@5", "exact match", "agentic index build --corpus" })
        {
            Assert.Contains(part, run.Out, StringComparison.Ordinal);
        }

        var report = JsonNode.Parse(again.Out)!;
        Assert.Equal("Halmarre", (string)report["answers"]![0]!["answer"]!);
        Assert.True((double)report["retrieval"]!.AsArray().Single(row => (string)row!["retriever"]! == "bm25")!["recall@5"]! > 0.8);
        Assert.Equal(ExitCode.Ok, (await CommandLine.RunAsync("ask", "--index", Path.Combine(_folder["q"], "index"), "What is the capital of Averra?")).Code);
    }
}
