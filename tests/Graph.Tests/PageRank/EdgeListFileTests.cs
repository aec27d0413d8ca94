using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.Graph.Tests;

public sealed class EdgeListFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_are_edges_with_weight_one_unless_given()
    {
        var list = await EdgeListFile.ReadAsync(_folder.Write("a.tsv", "# comment\nrome\tparis\t2.5\r\n\nparis\tnew york\n"), CancellationToken.None);

        Assert.Equal(["rome", "paris", "new york"], list.Nodes);
        Assert.Equal([new WeightedEdge(0, 1, 2.5), new WeightedEdge(1, 2, 1)], list.Edges);
        Assert.Equal(4, list.ToMatrix(directed: false).ArcCount);
        Assert.Equal(2, list.ToMatrix(directed: true).ArcCount);
    }

    [Fact]
    public async Task A_compressed_file_reads_alike()
    {
        _folder.Write("a.tsv.gz", TemporaryFolder.Compressed("a\tb\n"));

        Assert.Equal(["a", "b"], (await EdgeListFile.ReadAsync(_folder["a.tsv.gz"], CancellationToken.None)).Nodes);
    }

    [Theory]
    [InlineData("a\tb\na\n", 2)]
    [InlineData("a\tb\t1\t1\n", 1)]
    [InlineData("a\tb\n\na\tb\tx\n", 3)]
    [InlineData("a\tb\t-1\n", 1)]
    [InlineData("a\tb\tNaN\n", 1)]
    [InlineData("\tb\n", 1)]
    [InlineData("", 0)]
    public async Task A_row_that_is_no_edge_is_refused_with_its_line(string content, long line)
    {
        var error = await Assert.ThrowsAsync<InputFormatException>(() => EdgeListFile.ReadAsync(_folder.Write("a.tsv", content), CancellationToken.None));

        Assert.Equal(line, error.Line);
        Assert.Contains("a.tsv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_encodings_and_torn_archives_are_refused()
    {
        _folder.Write("latin.tsv", [(byte)'a', (byte)'\t', 0xe9, (byte)'\n']);
        _folder.Write("torn.gz", TemporaryFolder.Compressed(string.Concat(Enumerable.Range(0, 1000).Select(number => $"{number}\tb\n")))[..^20]);

        await Assert.ThrowsAsync<InputFormatException>(() => EdgeListFile.ReadAsync(_folder["latin.tsv"], CancellationToken.None));
        await Assert.ThrowsAsync<InputFormatException>(() => EdgeListFile.ReadAsync(_folder["torn.gz"], CancellationToken.None));
        await Assert.ThrowsAsync<AgenticException>(() => EdgeListFile.ReadAsync(_folder["none.tsv"], CancellationToken.None));
    }

    [Fact]
    public void A_restart_vector_names_nodes_with_weights()
    {
        var list = new EdgeList(["a", "b=c", "new york"], []);

        Assert.Equal([new NodeWeight(0, 2), new NodeWeight(2, 0.5), new NodeWeight(1, 1), new NodeWeight(1, 3)], list.ParseRestart("a=2, new york=0.5,b=c,b=c=3"));
    }

    [Theory, InlineData("d=1"), InlineData("a=x"), InlineData("a=-1"), InlineData("a=0"), InlineData("a="), InlineData("")]
    public void A_restart_vector_that_makes_no_sense_is_refused(string text) =>
        Assert.Throws<AgenticException>(() => new EdgeList(["a"], []).ParseRestart(text));
}
