using Agentic.Cli;
using Agentic.TestSupport;

namespace Agentic.EndToEnd.Tests;

/// <summary>Ctrl-C and SIGTERM: exit code 130, what was done is saved, and the same command goes on.</summary>
public sealed class InterruptionTests : IDisposable
{
    private const string Questions = """
        {"id":"q1","question":"Where was Ida Moran born?","answers":["Harwick"]}
        {"id":"q2","question":"Who designed the Kestrel Bridge?","answers":["Ida Moran"]}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The server answers the first question; when the second is asked it says so, and keeps silent until the process has ended.
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupted_evaluation_goes_on_where_it_stopped(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs signals of Unix");
        var cancellationToken = TestContext.Current.CancellationToken;
        var index = await SmallCorpus.BuildAsync(_folder);
        var questions = _folder.Write("questions.jsonl", Questions);
        var (asked, ended) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        await using var server = new ScriptedChatServer(call =>
        {
            if (call.Messages("user")[0].Contains("Kestrel", StringComparison.Ordinal) && asked.TrySetResult())
            {
                ended.Task.Wait(cancellationToken);
            }

            return ChatReply.Completion("Final answer: Harwick");
        });
        string[] CommandTo(string name) =>
        [
            "eval", "qa", "--index", index, "--questions", questions, "--out", _folder[name],
            "--policy", "chat", "--endpoint", server.Address, "--model", "scripted", "--set", "evaluation.concurrency=1",
        ];

        var first = await AgenticProcess.RunAsync(CommandTo("t.jsonl"), signal, asked.Task, cancellationToken);
        var kept = File.ReadAllLines(_folder["t.jsonl"]);
        ended.SetResult();
        var second = await CommandLine.RunAsync(CommandTo("t.jsonl"));
        var undisturbed = await CommandLine.RunAsync(CommandTo("u.jsonl"));

        Assert.Equal((ExitCode.Interrupted, ""), (first.Code, first.Out));
        Assert.Contains("interrupted: what was finished is saved", first.Error, StringComparison.Ordinal);
        Assert.Contains("q1", Assert.Single(kept), StringComparison.Ordinal);
        Assert.True(second.Code == ExitCode.Ok, second.Error);
        Assert.True(undisturbed.Code == ExitCode.Ok, undisturbed.Error);
        Assert.Equal(await DigestAsync("u.jsonl"), await DigestAsync("t.jsonl"));
    }

    private async Task<string> DigestAsync(string name) => (await CommandLine.RunAsync("digest", _folder[name])).Out.Split(' ')[0];
}
