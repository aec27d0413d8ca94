using Agentic.Cli;

namespace Agentic.EndToEnd.Tests;

public sealed class ApiKeyTests : IDisposable
{
    private const string Canary = "sk-canary-5ec7e7";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("AGENTIC_API_KEY")]
    [InlineData("OPENAI_API_KEY")]
    public async Task The_key_of_the_endpoint_is_printed_and_written_nowhere(string variable)
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        var questions = _folder.Write("questions.jsonl", """{"id":"q","question":"Where is Harwick?","answers":["Ouse"],"gold":["harwick"]}""");
        var environment = new Dictionary<string, string> { [variable] = Canary, ["AGENTIC__policy__resilience__maxRetries"] = "0" };
        string[] chat = ["--policy", "chat", "--model", "m", "--endpoint", "http://127.0.0.1:9/v1"];
        string[][] commands =
        [
            ["doctor", "--index", index],
            ["config", "show"],
            ["config", "show", "--json"],
            ["ask", "--index", index, "Where is Harwick?", .. chat],
            ["eval", "qa", "--index", index, "--questions", questions, "--out", _folder["t.jsonl"], .. chat],
        ];
        foreach (var command in commands)
        {
            var run = await CommandLine.RunAsync(environment, command);

            Assert.DoesNotContain(Canary, run.Out + run.Error, StringComparison.Ordinal);
            Assert.NotEqual(ExitCode.Defect, run.Code);
        }

        Assert.All(
            Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(Canary, File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void The_project_s_own_variable_goes_first()
    {
        var environment = new Dictionary<string, string> { ["OPENAI_API_KEY"] = "b", ["AGENTIC_API_KEY"] = " a " };

        Assert.Equal("a", ApiKey.In(environment));
    }
}
