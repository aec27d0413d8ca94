using System.Text.Json.Nodes;
using Agentic.TestSupport;

namespace Agentic.Architecture.Tests;

public sealed class ReadmeTests
{
    private const string Begin = "<!-- results: generated from docs/results by AGENTIC_UPDATE_README=1 dotnet test --project tests/Architecture.Tests -->\n";
    private const string End = "<!-- end of results -->";

    [Fact]
    public void The_results_are_those_of_docs_results()
    {
        var path = Path.Combine(Repository.Root, "README.md");
        var readme = File.ReadAllText(path);
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= Begin.Length && end >= begin, "README.md lacks the markers of the results");
        var measured = "\n" + ResultsTable.Of(Path.Combine(Repository.Root, "docs", "results"));
        if (Environment.GetEnvironmentVariable("AGENTIC_UPDATE_README") == "1")
        {
            File.WriteAllText(path, readme[..begin] + measured + readme[end..]);
            return;
        }

        Assert.Equal(measured, readme[begin..end]);
    }

    [Fact]
    public void A_table_names_its_command_and_long_fractions_are_cut()
    {
        Assert.Equal(
            "**speed** ([speed.json](docs/results/speed.json)): `run all`\n\n| set | recall@5 | kills |\n| --- | --- | --- |\n| a | 0.1235 |  |\n| b |  | 3 early, 1 late |\n\n",
            TableOf("""{ "name": "speed", "command": "run all", "environment": "2 cores", "rows": [{ "set": "a", "recall@5": 0.123456 }, { "set": "b", "kills": { "early": 3, "late": 1 } }] }"""));
    }

    [Fact]
    public void A_row_with_a_command_of_its_own_gives_each_row_one()
    {
        Assert.Equal(
            "**speed** ([speed.json](docs/results/speed.json))\n\n| set | interval | command |\n| --- | --- | --- |\n| a |  | `run \\| all` |\n| b | 1 to 2 | `run b` |\n\n",
            TableOf("""{ "name": "speed", "command": "run | all", "environment": "2 cores", "rows": [{ "set": "a" }, { "set": "b", "interval": [1, 2], "command": "run b" }] }"""));
    }

    // A reader types it with the folder of the data, if any, in the place of DIR.
    [Fact]
    public void A_command_can_be_typed_as_it_is_recorded()
    {
        Assert.All(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "results"), "*.json"), file =>
        {
            var result = JsonNode.Parse(File.ReadAllText(file))!;
            Assert.All(
                result["rows"]!.AsArray().Select(row => (string?)row!["command"]).Append((string?)result["command"]).OfType<string>(),
                command => Assert.Matches("^dotnet run -c Release --project (tests/(Benchmarks|Soak)|src/Cli) -- [a-z-]+[^$]*$", command));
        });
    }

    private static string TableOf(string result)
    {
        var folder = Directory.CreateTempSubdirectory("agentic-results-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "speed.json"), result);
            return ResultsTable.Of(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
