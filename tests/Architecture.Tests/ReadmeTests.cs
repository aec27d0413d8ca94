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
    public void A_row_names_its_command_and_long_fractions_are_cut()
    {
        var folder = Directory.CreateTempSubdirectory("agentic-results-");
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "speed.json"),
                """{ "name": "speed", "command": "run | all", "environment": "2 cores", "rows": [{ "set": "a", "recall@5": 0.123456 }, { "set": "b", "interval": [1, 2], "command": "run b" }] }""");

            Assert.Equal(
                "**speed** ([speed.json](docs/results/speed.json))\n\n| set | recall@5 | interval | command |\n| --- | --- | --- | --- |\n"
                + "| a | 0.1235 |  | `run \\| all` |\n| b |  | 1 to 2 | `run b` |\n\n",
                ResultsTable.Of(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
