using System.Text.Json.Nodes;
using Agentic.Cli;

namespace Agentic.EndToEnd.Tests;

public sealed class IndexCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Building_twice_says_so_and_changes_nothing()
    {
        await BuildAsync("a");
        var before = await DigestAsync("a");

        var again = await CommandLine.RunAsync("index", "build", "--corpus", _folder["corpus.jsonl"], "--out", _folder["a"], "--json");

        Assert.Equal(0, again.Code);
        Assert.True((bool)JsonNode.Parse(again.Out)!["unchanged"]!);
        Assert.Equal(before, await DigestAsync("a"));
    }

    [Fact]
    public async Task Deleting_what_an_update_added_gives_the_digest_of_the_first_build()
    {
        await BuildAsync("a");
        var before = await DigestAsync("a");
        var more = _folder.Write("more.jsonl", """{"id":"ouse","title":"Ouse","text":"The Ouse is a river. Harwick lies on it."}""");

        var update = await CommandLine.RunAsync("index", "update", "--index", _folder["a"], "--corpus", more);
        var changed = await DigestAsync("a");
        var delete = await CommandLine.RunAsync("index", "delete", "--index", _folder["a"], "--ids", "ouse,unheard", "--json");

        Assert.Equal(0, update.Code);
        Assert.NotEqual(before, changed);
        Assert.Equal("""{"deleted":1,"unknown":1}""", JsonNode.Parse(delete.Out)!.ToJsonString());
        Assert.Contains("like unheard", delete.Error, StringComparison.Ordinal);
        Assert.Equal(before, await DigestAsync("a"));
    }

    [Fact]
    public async Task Building_and_updating_tell_how_much_and_how_long()
    {
        var corpus = _folder.Write("corpus.jsonl", SmallCorpus.Text);
        var build = JsonNode.Parse((await CommandLine.RunAsync("index", "build", "--corpus", corpus, "--out", _folder["a"], "--json")).Out)!;
        var more = _folder.Write("more.jsonl", """{"id":"ouse","title":"Ouse","text":"The Ouse is a river."}""");
        var update = JsonNode.Parse((await CommandLine.RunAsync("index", "update", "--index", _folder["a"], "--corpus", more, "--json")).Out)!;
        var again = await CommandLine.RunAsync("index", "update", "--index", _folder["a"], "--corpus", more);

        Assert.Equal((3, 3), ((int)build["documents"]!, (int)build["chunks"]!));
        Assert.Equal((1, 4), ((int)update["documents"]!, (int)update["chunks"]!));
        Assert.True((double)build["seconds"]! > 0 && (double)update["seconds"]! > 0);
        Assert.Contains("1 document taken over, 1 in the place of an earlier one", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_to_delete_may_come_from_a_file()
    {
        await BuildAsync("a");
        var ids = _folder.Write("ids.txt", "kestrel\n\nida\n");

        await CommandLine.RunAsync("index", "delete", "--index", _folder["a"], "--ids", ids);
        var stats = await CommandLine.RunAsync("index", "stats", "--index", _folder["a"], "--json");

        Assert.Equal(1, (int)JsonNode.Parse(stats.Out)!["documents"]!);
    }

    [Fact]
    public async Task Retrieve_reports_one_JSON_object_with_ranked_hits()
    {
        await BuildAsync("a");

        var run = await CommandLine.RunAsync("retrieve", "--index", _folder["a"], "--query", "Kestrel Bridge of Harwick", "--limit", "2", "--json");

        var report = JsonNode.Parse(run.Out)!;
        Assert.Equal("", run.Error);
        Assert.Equal("kestrel", (string)report["hits"]![0]!["document_id"]!);
        Assert.Equal([1, 2], report["hits"]!.AsArray().Select(hit => (int)hit!["rank"]!));
    }

    [Fact]
    public async Task Page_rank_of_a_path_is_the_solution_of_its_equations()
    {
        // a - b, restart a, damping 0.5: a = 0.5 b + 0.5, b = 0.5 a, so a = 2/3, b = 1/3.
        var edges = _folder.Write("edges.tsv", "a\tb\n");

        var run = await CommandLine.RunAsync("graph", "ppr", "--edges", edges, "--restart", "a=2", "--damping", "0.5", "--tol", "1e-14", "--json");

        var report = JsonNode.Parse(run.Out)!;
        Assert.Equal(2.0 / 3, (double)report["scores"]!["a"]!, 12);
        Assert.Equal(1.0 / 3, (double)report["scores"]!["b"]!, 12);
        Assert.True((double)report["l1"]! <= 1e-14);
    }

    [Fact]
    public async Task Nothing_escapes_to_a_redirected_output()
    {
        await BuildAsync("a");
        foreach (var command in new[] { "index stats --index {0}", "graph stats --index {0}", "retrieve --index {0} --query Harwick", "doctor --index {0}", "config show" })
        {
            var run = await CommandLine.RunAsync(string.Format(null, command, _folder["a"]).Split(' '));

            Assert.Equal(0, run.Code);
            Assert.DoesNotContain('\u001b', run.Out + run.Error);
        }
    }

    private Task BuildAsync(string name) => SmallCorpus.BuildAsync(_folder, name);

    private async Task<string> DigestAsync(string name)
    {
        var run = await CommandLine.RunAsync("digest", _folder[name]);
        Assert.Equal(ExitCode.Ok, run.Code);
        return run.Out.Split(' ')[0];
    }
}
