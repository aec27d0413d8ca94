using System.Text.Json.Nodes;
using Agentic.Cli;
using Agentic.TestSupport;

namespace Agentic.EndToEnd.Tests;

/// <summary>Collect, score, pair, over an endpoint whose answers depend on the seed of the call, as a sampling model's do.</summary>
public sealed class CollectCommandTests : IDisposable
{
    private const string Questions = """
        {"id":"q1","question":"Who designed the Kestrel Bridge?","answers":["Ida Moran"],"hops":1}
        {"id":"q2","question":"Where was the designer of the Kestrel Bridge born?","answers":["Harwick"],"hops":2,"decomposition":[{"question":"Who designed the Kestrel Bridge?","answer":"Ida Moran"},{"question":"Where was Ida Moran born?","answer":"Harwick"}]}
        {"id":"q3","question":"On which river is Harwick?","answers":["Ouse"],"hops":1}
        """;

    private static readonly string[] Patient =
    [
        "--set", "policy.resilience.baseDelaySeconds=0.001", "--set", "policy.resilience.maxDelaySeconds=0.002", "--set", "policy.resilience.maxRetries=30", "--set", "policy.resilience.attemptsUntilBreak=10000",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<CommandLine> CollectAsync(string index, string address, string output, params string[] more) => CommandLine.RunAsync(
        [
            "collect", "--index", index, "--questions", _folder.Write("questions.jsonl", Questions), "--policy", "chat", "--endpoint", address, "--model", "scripted", "--samples", "6", "--out", _folder[output],
            "--set", "policy.streaming=true", "--json", .. Patient, .. more,
        ]);

    // Of the seed and the question alone.
    private static string Answer(ChatCall call)
    {
        var question = call.Messages("user")[0]["Question: ".Length..];
        var seed = (long)call.Body["seed"]! % 4;
        var right = question.StartsWith("Who", StringComparison.Ordinal) ? "Ida Moran" : question.StartsWith("Where", StringComparison.Ordinal) ? "Harwick" : "Ouse";
        return call.Messages("assistant").Count == 0
            ? seed == 3 ? "I do not know how to do this." : $"Step 1:\nImportant entity: Ida Moran\nSubquery: Where was Ida Moran, who designed the Kestrel Bridge, born?\n"
            : $"Summary: The Kestrel Bridge was designed by Ida Moran, who was born in Harwick.\nFinal answer: {(seed == 1 ? "Paris" : right)}";
    }

    // Two in twenty calls answered with 500, two cut off, one refused without an answer, and a storm of 429 every fifty.
    private static ChatReply Chaos(ChatCall call) => (call.Number % 20, call.Number % 50) switch
    {
        (_, >= 30 and < 36) => ChatReply.Error(429, "slow down", retryAfter: "0"),
        (3 or 11, _) => ChatReply.Error(500, "oops"),
        (5 or 17, _) => ChatReply.Stream(Answer(call), isWhole: false),
        (8, _) => ChatReply.Stream("") with { HangsUp = true },
        _ => ChatReply.Stream(Answer(call)),
    };

    [Fact]
    public async Task A_collection_under_chaos_is_the_calm_one_and_becomes_pairs()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        await using var calm = new ScriptedChatServer(call => ChatReply.Stream(Answer(call)));
        var first = await CollectAsync(index, calm.Address, "calm");
        Assert.True(first.Code == ExitCode.Ok, first.Error);
        Assert.Equal(18, (int)JsonNode.Parse(first.Out)!["trajectories"]!);

        await using var wild = new ScriptedChatServer(Chaos);
        var second = await CollectAsync(index, wild.Address, "wild");
        Assert.True(second.Code == ExitCode.Ok, second.Error);
        Assert.True(wild.Calls.Count > calm.Calls.Count, "nothing was tried again");
        Assert.Equal(await ExportAsync("calm"), await ExportAsync("wild"));

        var scored = await CommandLine.RunAsync("score", "--in", _folder["calm"], "--out", _folder["scored.jsonl"], "--json");
        Assert.True(scored.Code == ExitCode.Ok, scored.Error);
        Assert.Equal(18, (int)JsonNode.Parse(scored.Out)!["trajectories"]!);
        var paired = await CommandLine.RunAsync("pairs", "build", "--rule", "ip-dpo", "--in", _folder["scored.jsonl"], "--out", _folder["pairs.jsonl"], "--json");
        Assert.True(paired.Code == ExitCode.Ok, paired.Error + paired.Out);
        var report = JsonNode.Parse(paired.Out)!;
        Assert.Equal(18, report["fates"]!.AsObject().Sum(fate => (int)fate.Value!));
        var stats = await CommandLine.RunAsync("pairs", "stats", _folder["pairs.jsonl"], "--json");
        Assert.True(stats.Code == ExitCode.Ok, stats.Error);
        Assert.Equal((int)report["pairs"]!, (int)JsonNode.Parse(stats.Out)!["pairs"]!);
    }

    [Fact]
    public async Task A_budget_ends_with_its_own_code_and_the_same_command_goes_on()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        await using var server = new ScriptedChatServer(call => ChatReply.Stream(Answer(call)));

        var cut = await CollectAsync(index, server.Address, "budget", "--max-tokens", "300", "--concurrency", "1");
        Assert.Equal(ExitCode.Budget, cut.Code);
        Assert.InRange((int)JsonNode.Parse(cut.Out)!["remaining"]!, 1, 17);
        var forecast = JsonNode.Parse((await CollectAsync(index, server.Address, "budget", "--dry-run")).Out)!;
        Assert.True((bool)forecast["is_measured"]!);
        var rest = await CollectAsync(index, server.Address, "budget");
        Assert.Equal(ExitCode.Ok, rest.Code);
        Assert.Equal((int)forecast["to_do"]!, (int)JsonNode.Parse(rest.Out)!["made"]!);
        var status = await CommandLine.RunAsync("collect", "status", _folder["budget"], "--json");
        Assert.True((bool)JsonNode.Parse(status.Out)!["complete"]!);
    }

    [Fact]
    public async Task An_endpoint_that_dies_leaves_a_collection_that_goes_on()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        using var dead = new DeadEndpoint();
        var gone = await CollectAsync(index, dead.Address, "dead");
        Assert.Equal(ExitCode.Partial, gone.Code);
        Assert.Contains("Check that the server runs", gone.Error, StringComparison.Ordinal);

        await using var server = new ScriptedChatServer(call => ChatReply.Stream(Answer(call)));
        var other = await CollectAsync(index, server.Address, "dead");
        other.Refused("policy.endpoint was", "--fork");
        Assert.Equal(ExitCode.Ok, (await CollectAsync(index, server.Address, "dead", "--fork")).Code);
    }

    [Fact]
    public async Task An_endpoint_that_dies_amid_the_work_changes_nothing_when_another_serves_the_same_model()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        await using var calm = new ScriptedChatServer(call => ChatReply.Stream(Answer(call)));
        Assert.Equal(ExitCode.Ok, (await CollectAsync(index, calm.Address, "calm")).Code);

        await using var dying = new ScriptedChatServer(call => call.Number < 6 ? ChatReply.Stream(Answer(call)) : ChatReply.Stream("") with { HangsUp = true });
        var shared = await CollectAsync(index, dying.Address, "shared", "--set", $"policy.mirrors=[\"{calm.Address}\"]");
        Assert.True(shared.Code == ExitCode.Ok, shared.Error);
        Assert.Equal(await ExportAsync("calm"), await ExportAsync("shared"));
    }

    [Theory]
    [InlineData("--samples", "0", "at least 1|between 1")]
    [InlineData("--rewards", "outcom", "outcome")]
    public async Task A_wrong_value_is_refused_before_anything_is_read(string option, string value, string message)
    {
        var run = option == "--samples"
            ? await CommandLine.RunAsync("collect", "--index", "none", "--questions", "none", "--out", _folder["c"], option, value)
            : await CommandLine.RunAsync("score", "--in", "none", "--out", _folder["s.jsonl"], option, value);

        run.Refused();
        Assert.Matches(message, run.Error);
    }

    // The endpoints' addresses differ, so the digests do: the run's name is part of them. The texts are compared.
    private async Task<IReadOnlyList<string>> ExportAsync(string name)
    {
        var run = await CommandLine.RunAsync("collect", "export", "--in", _folder[name], "--to", "openai", "--out", _folder[$"{name}.jsonl"]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        return await File.ReadAllLinesAsync(_folder[$"{name}.jsonl"]);
    }
}
