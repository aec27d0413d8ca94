using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent.Tests.Preferences;

public sealed class PairFileTests : IDisposable
{
    private const string Header = """{"format":1,"kind":"pairs"}""";
    private const string Side = """[{"step":1,"author":"policy","text":"good"}]""";
    private const string Other = """[{"step":1,"author":"policy","text":"bad"}]""";
    private const string Prompt = """[{"step":0,"author":"prompt","text":"Q\n"}]""";

    private readonly string _folder = Directory.CreateTempSubdirectory("agentic-pairs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pairs.jsonl")]
    [InlineData("pairs.jsonl.gz")]
    public async Task What_is_written_is_read_back(string name)
    {
        var path = Path.Combine(_folder, name);
        var header = new DemonstrationHeader { Prompt = PromptStyle.Question, Evidence = new JsonObject { ["items"] = 3 } };
        await using (var writer = await PairWriter.CreateAsync(path, header, Cancel))
        {
            await writer.WriteAsync(SamplePair.One, Cancel);
            await writer.WriteAsync(SamplePair.One with { Id = "p2", Type = null, Hops = null, Reason = null }, Cancel);
            await writer.CommitAsync();
        }

        var read = await PairFile.ReadHeaderAsync(path, Cancel);
        var pairs = await PairFile.ReadAsync(path, Cancel).ToListAsync(Cancel);

        Assert.Equal((PromptStyle.Question, 3), (read!.Prompt, (int)read.Evidence!["items"]!));
        Assert.Equal(JsonSerializer.Serialize(SamplePair.One), JsonSerializer.Serialize(pairs[0]));
        Assert.Equal(("p2", null, null, null), (pairs[1].Id, pairs[1].Type, pairs[1].Hops, pairs[1].Reason));
        Assert.Equal([name], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Sides_written_out_whole_bring_their_prompt_along()
    {
        var path = Write($$"""{"id":"a","chosen":[{{Prompt[1..^1]}},{{Side[1..^1]}}],"rejected":[{{Prompt[1..^1]}},{{Other[1..^1]}}]}""");

        var pair = await PairFile.ReadAsync(path, Cancel).SingleAsync(Cancel);

        Assert.Equal(("Q\n", "good", "bad"), (Assert.Single(pair.Prompt).Text, Assert.Single(pair.Chosen).Text, Assert.Single(pair.Rejected).Text));
        Assert.Equal(("a", ""), (pair.QuestionId, pair.Question));
    }

    [Theory]
    [InlineData($$"""{"prompt":{{Prompt}},"chosen":{{Side}},"rejected":{{Other}}}""", "row 2, \"id\": has no \"id\"")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":[],"rejected":{{Other}}}""", "row 2, \"chosen\": is empty")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":{{Side}}}""", "row 2, \"rejected\": is empty")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":{{Side}},"rejected":[{"step":1,"author":"policy","text":""}]}""", "row 2, \"rejected\": is empty")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":[{"step":1,"author":"tool","text":"x"}],"rejected":{{Other}}}""", "row 2, \"chosen\": has no segment with the author \"policy\"")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":{{Prompt}},"rejected":{{Other}}}""", "row 2, \"chosen\": begins with a segment of the prompt")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":{{Side}},"rejected":{{Side}}}""", "row 2, \"rejected\": says the same")]
    [InlineData($$"""{"id":"b","prompt":[],"chosen":{{Side}},"rejected":{{Other}}}""", "row 2, \"prompt\": is empty")]
    [InlineData($$"""{"id":"b","chosen":[{"step":0,"author":"prompt","text":"A"},{"step":1,"author":"policy","text":"x"}],"rejected":[{"step":0,"author":"prompt","text":"B"},{"step":1,"author":"policy","text":"y"}]}""", "row 2, \"prompt\": differs between the sides")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":"good","rejected":{{Other}}}""", "row 2, \"chosen\": \"chosen\" must be a list, not a text")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":[{"step":1,"author":"assistant","text":"x"}],"rejected":{{Other}}}""", "row 2, \"chosen\": the author \"assistant\" is not known")]
    [InlineData($$"""{"id":"b","prompt":{{Prompt}},"chosen":[{"step":1,"author":"policy","text":"x","token_ids":[1.5]}],"rejected":{{Other}}}""", "row 2, \"chosen\": \"token_ids\"")]
    [InlineData($$"""{"id":"b","hops":-1,"prompt":{{Prompt}},"chosen":{{Side}},"rejected":{{Other}}}""", "row 2, \"hops\"")]
    [InlineData($$"""{"id":"a","prompt":{{Prompt}},"chosen":{{Side}},"rejected":{{Other}}}""", "row 2, \"id\": \"a\" is already the id of row 1")]
    [InlineData("[1, 2]", "must be a JSON object")]
    [InlineData("""{"id":"b",""", "cut off")]
    public async Task A_broken_row_is_named_with_its_field(string row, string reason)
    {
        var path = Write(Header, $$"""{"id":"a","prompt":{{Prompt}},"chosen":{{Side}},"rejected":{{Other}}}""", row);

        var problem = await Assert.ThrowsAsync<InputFormatException>(async () => await PairFile.ReadAsync(path, Cancel).ToListAsync(Cancel));

        Assert.Contains($"{path}(3): ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pairs.jsonl")]
    [InlineData("pairs.jsonl.gz")]
    public async Task Whoever_asks_for_all_rows_gets_the_broken_ones_with_their_problems_and_those_after_them(string name)
    {
        string Good(string id) => $$"""{"id":"{{id}}","prompt":{{Prompt}},"chosen":{{Side}},"rejected":{{Other}}}""";
        var path = WriteTo(name, Header, Good("a"), "{nonsense", Good("b"), """{"id":"c"}""", Good("d"), Good("a"));

        var rows = await PairFile.ReadRowsAsync(path, Cancel).ToListAsync(Cancel);

        Assert.Equal(["a", null, "b", null, "d", null], rows.Select(row => row.Pair?.Id));
        Assert.Equal([(2, 3L, ""), (4, 5L, "prompt"), (6, 7L, "id")], rows.Select(row => row.Problem).OfType<PairProblem>().Select(problem => (problem.Row, problem.Line, problem.Field)));
    }

    [Theory]
    [InlineData("""{"format":2,"kind":"pairs"}""", "another format")]
    [InlineData("""{"format":1,"kind":"sft"}""", "kind \"sft\"")]
    public async Task A_header_of_another_kind_is_refused(string header, string reason)
    {
        var path = Write(header);

        var problem = await Assert.ThrowsAsync<InputFormatException>(async () => await PairFile.ReadRowsAsync(path, Cancel).ToListAsync(Cancel));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_a_header_alone_is_refused() =>
        await Assert.ThrowsAsync<InputFormatException>(async () => await PairFile.ReadAsync(Write(Header), Cancel).ToListAsync(Cancel));

    [Fact]
    public async Task A_pair_the_reader_would_refuse_is_not_written()
    {
        await using var writer = await PairWriter.CreateAsync(Path.Combine(_folder, "pairs.jsonl"), new DemonstrationHeader(), Cancel);

        await Assert.ThrowsAsync<ArgumentException>(() => writer.WriteAsync(SamplePair.One with { Chosen = SamplePair.One.Rejected }, Cancel));
    }

    private string Write(params string[] lines) => WriteTo("pairs.jsonl", lines);

    private string WriteTo(string name, params string[] lines)
    {
        var path = Path.Combine(_folder, name);
        using Stream file = File.Create(path);
        using var stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return path;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
