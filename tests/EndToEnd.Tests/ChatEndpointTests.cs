using System.Text.Json.Nodes;
using Agentic.Cli;
using Agentic.TestSupport;

namespace Agentic.EndToEnd.Tests;

public sealed class ChatEndpointTests : IDisposable
{
    private const string Questions = """
        {"id":"q1","question":"Who designed the Kestrel Bridge?","answers":["Ida Moran"]}
        {"id":"q2","question":"Where was Ida Moran born?","answers":["Harwick"]}
        {"id":"q3","question":"On which river is Harwick?","answers":["Ouse"]}
        """;

    private static readonly string[] Quick = ["--set", "policy.resilience.baseDelaySeconds=0.001", "--set", "policy.resilience.maxDelaySeconds=0.002", "--set", "evaluation.concurrency=1"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<CommandLine> EvaluateAsync(string index, string address, params string[] more) => await CommandLine.RunAsync(
        new Dictionary<string, string> { ["AGENTIC_API_KEY"] = "canary-51c2" },
        ["eval", "qa", "--index", index, "--questions", _folder.Write("questions.jsonl", Questions), "--policy", "chat", "--endpoint", address, "--model", "scripted", "--json", .. Quick, .. more]);

    private static ChatReply Answer(ChatCall call)
    {
        var question = call.Messages("user")[0]["Question: ".Length..];
        return ChatReply.Completion(call.Messages("assistant").Count == 0
            ? $"Step 1:\nImportant entity: Ida Moran\nSubquery: {question}\n"
            : $"Summary: it is stated\nFinal answer: {(question.StartsWith("Who", StringComparison.Ordinal) ? "Ida Moran" : question.StartsWith("Where", StringComparison.Ordinal) ? "Harwick" : "Ouse")}");
    }

    [Fact]
    public async Task A_model_behind_an_endpoint_is_evaluated_like_any_policy_and_its_key_is_kept_nowhere()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        await using var server = new ScriptedChatServer(Answer);

        var run = await EvaluateAsync(index, server.Address, "--out", _folder["T.jsonl"]);

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Equal(1, (double)JsonNode.Parse(run.Out)!["em"]!);
        Assert.Equal("Bearer canary-51c2", server.Calls[0].Headers["authorization"]);
        Assert.All(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("canary", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.DoesNotContain("canary", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_down_is_a_clear_refusal()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        using var dead = new DeadEndpoint();
        var address = dead.Address;

        (await EvaluateAsync(index, address)).Refused(address, "Check that the server runs");
        (await CommandLine.RunAsync(["ask", "--index", index, "Where?", "--policy", "chat", "--endpoint", address, "--model", "scripted", .. Quick])).Refused(address);
    }

    // The server serves q1, fails q2 for good (a recorded outcome), and is gone for q3; the second run asks q3 alone.
    [Fact]
    public async Task A_run_whose_endpoint_goes_away_is_partial_and_goes_on_when_it_is_back()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        var isBack = false;
        await using var server = new ScriptedChatServer(call => call.Messages("user")[0] switch
        {
            var question when question.Contains("Ida Moran born", StringComparison.Ordinal) => ChatReply.Html(),
            var question when question.Contains("river", StringComparison.Ordinal) && !isBack => ChatReply.Error(401, "the key has expired"),
            _ => Answer(call),
        });

        var first = await EvaluateAsync(index, server.Address, "--out", _folder["T.jsonl"]);
        isBack = true;
        var calls = server.Calls.Count;
        var second = await EvaluateAsync(index, server.Address, "--out", _folder["T.jsonl"]);

        Assert.True(first.Code == ExitCode.Partial, first.Error);
        Assert.Contains("2 of 3", first.Error, StringComparison.Ordinal);
        Assert.True(second.Code == ExitCode.Ok, second.Error);
        Assert.Equal(2, server.Calls.Count - calls);
        var report = JsonNode.Parse(second.Out)!;
        Assert.Equal((2, 1), ((int)report["by_stop"]!["answered"]!, (int)report["by_stop"]!["policy_failed"]!));
        Assert.Equal(2.0 / 3, (double)report["em"]!, 12);
    }
}
