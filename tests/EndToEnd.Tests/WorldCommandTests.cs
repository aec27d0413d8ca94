using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Cli;

namespace Agentic.EndToEnd.Tests;

public sealed class WorldCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_world_is_made_measured_indexed_and_turned_into_demonstrations()
    {
        var (world, index, rows) = (_folder["world"], _folder["index"], _folder["rows.jsonl.gz"]);

        var made = await Json("world", "generate", "--seed", "3", "--split", "test", "--held-out", "template,composition", "--documents", "40", "--questions", "90", "--out", world);
        Assert.Equal((40, 90), ((int)made["documents"]!, (int)made["questions"]!));

        var stats = await Json("world", "stats", world);
        Assert.Equal(90, stats["groups"]!.AsArray().Sum(group => (int)group!["questions"]!));
        Assert.Equal(40, (int)stats["chunks"]!);
        Assert.True((double)stats["rule_recall"]! > 0.7);

        var built = await Json("sft", "build", "--world", world, "--out", rows, "--set", "evidence.items=3", "--direct-share", "1");
        Assert.Equal(90, (int)built["demonstrations"]! + (int)built["dropped"]!);
        Assert.Equal((int)built["demonstrations"]!, (int)built["direct"]!);
        var header = await DemonstrationFile.ReadHeaderAsync(rows, TestContext.Current.CancellationToken);
        Assert.Equal(3, (int)header!.Evidence!["items"]!);
        Assert.Equal("bm25", (string?)header.Retriever!["kind"]);

        await Json("index", "build", "--corpus", Path.Combine(world, "corpus.jsonl"), "--triplets", Path.Combine(world, "triplets.jsonl"), "--out", index);
        var taught = await Json("sft", "build", "--index", index, "--questions", Path.Combine(world, "questions.jsonl"), "--policy", "symbolic", "--prompt", "instructed", "--out", rows);
        Assert.True((int)taught["demonstrations"]! > 10);
        Assert.Equal(90, (int)taught["demonstrations"]! + (int)taught["dropped"]!);
        header = await DemonstrationFile.ReadHeaderAsync(rows, TestContext.Current.CancellationToken);
        Assert.Equal("symbolic/1", (string?)header!.Source!["teacher"]);
        Assert.Equal(PromptStyle.Instructed, header.Prompt);
    }

    [Fact]
    public async Task More_questions_than_a_world_carries_are_refused_with_the_most_it_does()
    {
        var refused = await CommandLine.RunAsync("world", "generate", "--documents", "30", "--questions", "90000", "--out", _folder["world"]);

        refused.Refused("a world of 30 documents", "at most");
        Assert.False(Directory.Exists(_folder["world"]));
    }

    [Theory]
    [InlineData("test", "tempalte", "did you mean 'template'")]
    [InlineData("tset", "none", "did you mean 'test'")]
    [InlineData("train", "template", "train world")]
    public async Task A_kind_of_world_that_is_not_is_refused(string split, string heldOut, string reason)
    {
        var refused = await CommandLine.RunAsync("world", "generate", "--split", split, "--held-out", heldOut, "--out", _folder["world"]);

        refused.Refused(reason);
    }

    [Fact]
    public async Task Demonstrations_from_nowhere_are_refused_with_what_to_name()
    {
        (await CommandLine.RunAsync("sft", "build", "--out", _folder["rows.jsonl"])).Refused("--world DIR", "--questions FILE");
        (await CommandLine.RunAsync("sft", "build", "--world", _folder["nowhere"], "--out", _folder["rows.jsonl"])).Refused("world generate");
        Assert.False(File.Exists(_folder["rows.jsonl"]));
    }

    private static async Task<JsonObject> Json(params string[] arguments)
    {
        var run = await CommandLine.RunAsync([.. arguments, "--json"]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        return JsonNode.Parse(run.Out)!.AsObject();
    }
}
