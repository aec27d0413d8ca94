using System.Text.Json.Nodes;

namespace Agentic.EndToEnd.Tests;

public sealed class EvalCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Retrieval_is_reported_under_the_agreed_keys_and_as_a_run_file()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        var questions = _folder.Write("questions.jsonl", """{"id":"q1","question":"Kestrel Bridge","gold":["kestrel"]}""" + "\n" + """{"id":"q2","question":"Where is Harwick?","gold":["harwick","ida"]}""");

        var run = await CommandLine.RunAsync("eval", "retrieval", "--index", index, "--questions", questions, "--retriever", "bm25", "--k", "1,2", "--run", _folder["out.trec"], "--json");

        var report = JsonNode.Parse(run.Out)!.AsObject();
        Assert.Equal(
            ["questions", "recall@1", "all_recall@1", "recall@2", "all_recall@2", "ndcg@10", "map", "mrr", "p@30", "r@100", "seconds"],
            report.Select(pair => pair.Key));
        Assert.Equal(2, (int)report["questions"]!);

        // q1 finds its one document first, q2 one of its two: (1 + 1/2) / 2.
        Assert.Equal(0.75, (double)report["recall@1"]!, 12);
        Assert.StartsWith("q1 Q0 kestrel 1 ", File.ReadLines(_folder["out.trec"]).First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--k", "0", "from 1 to 1000")]
    [InlineData("--k", "two", "from 1 to 1000")]
    [InlineData("--k1", "-1", "must be between 0 and 1000, not -1")]
    [InlineData("--b", "1.5", "must be between 0 and 1, not 1.5")]
    [InlineData("--retriever", "bm52", "did you mean 'bm25'?")]
    [InlineData("--analyzer", "englsh", "did you mean 'english'?")]
    public async Task A_value_out_of_range_is_refused_before_anything_is_read(string option, string value, string message)
    {
        var run = await CommandLine.RunAsync("eval", "retrieval", "--index", _folder["none"], "--questions", _folder["none"], option, value);

        run.Refused(option, message);
    }

    [Fact]
    public async Task The_graph_is_exported_once_and_replaced_by_force_only()
    {
        var index = await SmallCorpus.BuildAsync(_folder);

        var first = await CommandLine.RunAsync("graph", "export", "--index", index, "--out", _folder["g.json"], "--json");
        var again = await CommandLine.RunAsync("graph", "export", "--index", index, "--out", _folder["g.json"]);
        var forced = await CommandLine.RunAsync("graph", "export", "--index", index, "--out", _folder["g.json"], "--force");

        Assert.Equal(0, first.Code);
        again.Refused("is there already", "--force");
        Assert.Equal(0, forced.Code);
        Assert.Equal((int)JsonNode.Parse(first.Out)!["triplets"]!, JsonNode.Parse(File.ReadAllText(_folder["g.json"]))!["triplets"]!.AsArray().Count);
    }
}
