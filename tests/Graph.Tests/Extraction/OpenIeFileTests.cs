using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.Graph.Tests;

public sealed class OpenIeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Chunk Whole(string id) => new(id, id, 0, "", "text", 0, 4);

    [Fact]
    public async Task Triplets_are_found_by_chunk_id_and_malformed_ones_counted()
    {
        var file = await ReadAsync("""
            {"id": "d1", "triples": [["A", "of", "B"], ["A", "of"], ["A", "of", "B", "C"], ["A", "of", 3], ["A", " ", "B"], "x", ["A", "of", "\ud800"], ["A", "of", "B"]]}
            {"id": "d2", "triples": []}
            """);

        Assert.Equal([new Fact("A", "of", "B")], file.Extract(Whole("d1")));
        Assert.Empty(file.Extract(Whole("d2")));
        Assert.Empty(file.Extract(Whole("d3")));
        Assert.Equal((2, 1, 6), (file.Records, file.Triplets, file.Malformed));
    }

    [Fact]
    public async Task A_chunk_of_a_longer_document_gets_the_triplets_whose_ends_it_names()
    {
        var file = await ReadAsync("""{"id": "d", "triples": [["Ann Lee", "met", "Bo"], ["Ann Lee", "met", "Cy"]]}""");

        Assert.Equal([new Fact("Ann Lee", "met", "Cy")], file.Extract(new Chunk("d#1", "d", 1, "Ann Lee", "Later she met Cy.", 40, 57)));
    }

    [Fact]
    public async Task The_id_depends_on_the_content_alone()
    {
        const string Row = """{"id": "d", "triples": [["A", "of", "B"]]}""";
        var first = await ReadAsync(Row);
        var same = await ReadAsync($"{Row}\n");
        var other = await ReadAsync(Row.Replace("\"B\"", "\"C\"", StringComparison.Ordinal));

        Assert.Equal(first.Id, same.Id);
        Assert.NotEqual(first.Id, other.Id);
    }

    [Theory]
    [InlineData("""{"triples": []}""", 1)]
    [InlineData("""{"id": "d"}""", 1)]
    [InlineData("""{"id": "d", "triples": "A of B"}""", 1)]
    [InlineData("{\"id\": \"d\", \"triples\": []}\n{\"id\": \"d\", \"triples\": []}", 2)]
    [InlineData("{\"id\": \"d\", \"triples\": []}\n{\"id\": \"e\", \"tri", 2)]
    [InlineData("", 0)]
    public async Task A_broken_file_is_refused_with_its_line(string content, long line)
    {
        var error = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(content));
        Assert.Equal(line, error.Line);
    }

    // The counts stand in the description of the data: 1,890 records, 17,419 triples of which 185 do not have three parts.
    [Fact]
    public async Task The_public_openie_output_is_taken_over()
    {
        var file = await OpenIeFile.ReadAsync(PublicData.Require("multihop-musique-train100/triples.jsonl.gz"), CancellationToken.None);

        Assert.Equal(1890, file.Records);
        Assert.Equal(185, file.Malformed);
        Assert.InRange(file.Triplets, 17_000, 17_419 - 185);
    }

    private Task<OpenIeFile> ReadAsync(string content) => OpenIeFile.ReadAsync(_folder.Write("triples.jsonl", content), CancellationToken.None);
}
