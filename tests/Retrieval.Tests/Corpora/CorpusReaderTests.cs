using System.Text;

namespace Agentic.Retrieval.Tests;

public sealed class CorpusReaderTests : IDisposable
{
    private const string Row = """{"id":"a","title":"A","text":"first"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("corpus.jsonl")]
    [InlineData("corpus.jsonl.gz")]
    public async Task Rows_become_documents_plain_or_gzip(string name)
    {
        var path = _folder.WriteCorpus(name, [new("b", "B", "second"), new("a", "", "first")]);

        Assert.Equal([new("b", "B", "second"), new("a", "", "first")], await ReadAsync(path));
    }

    [Fact]
    public async Task Byte_order_mark_blank_lines_carriage_returns_and_number_ids_are_accepted()
    {
        var path = _folder.Write("c.jsonl", "\ufeff\r\n{\"_id\":7,\"text\":\"seven\"}\r\n\r\n{\"id\":\"x\",\"title\":null,\"text\":\"ex\"}");

        Assert.Equal([new("7", "", "seven"), new("x", "", "ex")], await ReadAsync(path));
    }

    [Fact]
    public async Task Folder_with_a_corpus_file_is_read_as_beir()
    {
        _folder.Write("beir/corpus.jsonl", """{"_id":"d1","title":"T","text":"words"}""" + "\n");
        _folder.Write("beir/notes.txt", "not part of it");

        Assert.Equal([new("d1", "T", "words")], await ReadAsync(_folder["beir"]));
    }

    // 2WikiMultihopQA writes sentences without the space between them, HotpotQA with it; the same paragraph twice is one document.
    [Fact]
    public async Task Paragraphs_of_hotpot_and_2wiki_questions_become_documents_once()
    {
        var path = _folder.Write("hotpot.json", """
            [ {"_id":"q1","question":"?","answer":"x","context":[["Pope",["He was born.","He died."]],["Rome",["A city."," Old."]]],"supporting_facts":[["Rome",0]]},
              {"_id":"q2","question":"?","answer":"y","context":[["Pope",["He was born.","He died."]]],"supporting_facts":[]} ]
            """);

        var documents = await ReadAsync(path);

        Assert.Equal([("Pope", "He was born. He died."), ("Rome", "A city. Old.")], documents.Select(document => (document.Title, document.Text)));
    }

    [Fact]
    public async Task Paragraphs_of_musique_questions_become_documents()
    {
        var path = _folder.Write("musique.jsonl", """{"id":"2hop","question":"?","answer":"x","paragraphs":[{"idx":0,"title":"T","paragraph_text":"one [two] {three} \"four\\\"","is_supporting":true}]}""" + "\n");

        Assert.Equal([("T", "one [two] {three} \"four\\\"")], (await ReadAsync(path)).Select(document => (document.Title, document.Text)));
    }

    [Fact]
    public async Task Text_folder_gives_relative_ids_first_headings_and_counts_what_it_skips()
    {
        _folder.Write("docs/b/deep.md", "intro\n\n## The *deep* one ##\nbody");
        _folder.Write("docs/a.txt", "no heading here");
        _folder.Write("docs/report.pdf", "%PDF");
        _folder.Write("docs/data.csv", "1,2");
        _folder.Write("docs/empty.md", "  \n");
        _folder.Write("docs/.hidden/x.md", "not seen");

        var reader = CorpusReader.Open(_folder["docs"]);
        var documents = await reader.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([("a.txt", "a"), ("b/deep.md", "The *deep* one")], documents.Select(document => (document.Id, document.Title)));
        Assert.Equal(
            [("data.csv", ".csv files are not read"), ("empty.md", "is empty"), ("report.pdf", "PDF is not yet supported")],
            reader.Skipped.Select(file => (Path.GetFileName(file.Path), file.Reason)).Order());
    }

    [Theory]
    [InlineData(Row + "\n" + Row + "\n", 2, "the id \"a\" is already on line 1")]
    [InlineData(Row + "\n\n{\"id\":\"b\",\"title\":\"B\"}\n", 3, "has no \"text\"")]
    [InlineData(Row + "\n{\"id\":\"b\",\"text\":\" \"}\n", 2, "has no \"text\"")]
    [InlineData("{\"text\":\"x\"}\n", 1, "has no \"id\"")]
    [InlineData("{\"id\":\"a\",\"text\":5}\n", 1, "\"text\" must be a text, not a number")]
    [InlineData("{\"id\":\"a\",\"text\":\"\\ud800\"}\n", 1, "surrogate")]
    [InlineData("\"just text\"\n", 1, "must be a JSON object")]
    [InlineData(Row + "\n{\"id\":\"b\",\"te", 2, "the last line is cut off")]
    [InlineData(Row + "\n{id}\n" + Row + "\n", 2, "is not JSON")]
    [InlineData("[" + Row + ",\n{\"id\":\"b\"", 2, "cut off")]
    [InlineData("[" + Row, 1, "ends without its ]")]
    [InlineData("\n\n", 0, "holds no documents")]
    public async Task Broken_input_is_refused_with_file_and_line(string content, long line, string reason)
    {
        var path = _folder.Write("broken.jsonl", content);

        var refusal = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(path));

        Assert.Equal((path, line), (refusal.Path, refusal.Line));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalid_utf8_is_refused_with_its_line()
    {
        var json = _folder.Write("latin.jsonl", [.. Encoding.UTF8.GetBytes(Row + "\n{\"id\":\"b\",\"text\":\"caf"), 0xe9, .. "\"}\n"u8]);
        var text = _folder.Write("latin.txt", [.. "one\ntwo\ncaf"u8, 0xe9]);

        Assert.Equal(2, (await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(json))).Line);
        Assert.Equal(3, (await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(text))).Line);
    }

    // Cutting anywhere must be noticed: inside the data, inside the checksum, and when only the last byte is gone.
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(-6)]
    [InlineData(-1)]
    public async Task Gzip_cut_short_is_refused(double where)
    {
        var whole = TemporaryFolder.Compressed(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{{\"id\":\"{i}\",\"text\":\"document number {i * 7919 % 5003}\"}}\n")));
        var path = _folder.Write("cut.jsonl.gz", whole[..(where > 0 ? (int)(where * whole.Length) : whole.Length + (int)where)]);

        var refusal = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(path));

        Assert.Contains("gzip", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gzip_of_several_members_is_one_file()
    {
        var path = _folder.Write("two.jsonl.gz", [.. TemporaryFolder.Compressed("""{"id":"a","text":"1"}""" + "\n"), .. TemporaryFolder.Compressed("""{"id":"b","text":"2"}""" + "\n")]);

        Assert.Equal(["a", "b"], (await ReadAsync(path)).Select(document => document.Id));
    }

    [Fact]
    public async Task What_is_only_named_gzip_is_refused()
    {
        var path = _folder.Write("fake.jsonl.gz", Row);

        Assert.Contains("not gzip", (await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(path))).Message, StringComparison.Ordinal);
    }

    // 20 MiB of one line, compressed to a few KiB: refused when the limit of 16 MiB is reached.
    [Fact]
    public async Task Line_longer_than_the_limit_is_refused_before_it_is_read()
    {
        var path = _folder.Write("long.jsonl.gz", TemporaryFolder.Compressed(Row + "\n{\"id\":\"b\",\"text\":\"" + new string('x', 20 * 1024 * 1024) + "\"}\n"));

        var refusal = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(path));

        Assert.Equal(2, refusal.Line);
        Assert.Contains("16 MiB", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_unsupported_paths_are_refused_at_once()
    {
        Assert.Contains("does not exist", Assert.Throws<AgenticException>(() => CorpusReader.Open(_folder["nowhere"])).Message, StringComparison.Ordinal);
        Assert.Contains("PDF is not yet supported", Assert.Throws<AgenticException>(() => CorpusReader.Open(_folder.Write("x.pdf", "%PDF"))).Message, StringComparison.Ordinal);
    }

    private static async Task<List<Document>> ReadAsync(string path) =>
        await CorpusReader.Open(path).ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
