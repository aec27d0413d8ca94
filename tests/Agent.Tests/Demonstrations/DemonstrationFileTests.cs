using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Agent.Tests.Demonstrations;

public sealed class DemonstrationFileTests : IDisposable
{
    private static readonly Demonstration Row = new(
        "d1",
        "q1",
        "Who directed \"Mern\"?",
        PromptStyle.Question,
        [
            new Segment(0, Author.Prompt, "Question: Who directed \"Mern\"?\n"),
            new Segment(1, Author.Policy, "Step 1:\nImportant entity: Mern\nSubquery: Who directed Mern?\n") { TokenIds = [4, 0, 17] },
            new Segment(1, Author.Tool, "<Reference>\nNothing was found.\n</Reference>\n"),
            new Segment(1, Author.Policy, "Summary: none\nFinal answer: not stated"),
        ],
        "not stated")
    {
        Type = "lookup",
        Hops = 1,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("agentic-demonstrations-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("rows.jsonl")]
    [InlineData("rows.jsonl.gz")]
    public async Task What_is_written_is_read_back(string name)
    {
        var path = Path.Combine(_folder, name);
        var header = new DemonstrationHeader { Prompt = PromptStyle.Question, Evidence = new JsonObject { ["items"] = 3 }, Source = new JsonObject { ["seed"] = 7 } };
        await using (var writer = await DemonstrationWriter.CreateAsync(path, header, Cancel))
        {
            await writer.WriteAsync(Row, Cancel);
            await writer.WriteAsync(Row with { Id = "d2", Type = null, Hops = null }, Cancel);
            await writer.CommitAsync();
        }

        var read = await DemonstrationFile.ReadHeaderAsync(path, Cancel);
        var rows = await DemonstrationFile.ReadAsync(path, Cancel).ToListAsync(Cancel);

        Assert.Equal(PromptStyle.Question, read!.Prompt);
        Assert.Equal(3, (int)read.Evidence!["items"]!);
        Assert.Null(read.Agent);
        Assert.Equal(["d1", "d2"], rows.Select(row => row.Id));
        Assert.Equal(JsonSerializer.Serialize(Row), JsonSerializer.Serialize(rows[0]));
        Assert.Null(rows[1].Hops);
        Assert.Equal([name], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_that_was_not_committed_leaves_the_earlier_one()
    {
        var path = Path.Combine(_folder, "rows.jsonl");
        await File.WriteAllTextAsync(path, "earlier", Cancel);
        await using (var writer = await DemonstrationWriter.CreateAsync(path, new DemonstrationHeader(), Cancel))
        {
            await writer.WriteAsync(Row, Cancel);
        }

        Assert.Equal("earlier", await File.ReadAllTextAsync(path, Cancel));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_copy_in_a_models_folder_says_the_same()
    {
        var header = new DemonstrationHeader { Prompt = PromptStyle.Question, Agent = new JsonObject { ["maxSteps"] = 5 } };

        await header.SaveAsync(_folder, Cancel);
        var found = DemonstrationHeader.Find(_folder);

        Assert.Equal(PromptStyle.Question, found!.Prompt);
        Assert.Equal(5, (int)found.Agent!["maxSteps"]!);
        Assert.Null(DemonstrationHeader.Find(Path.Combine(_folder, "elsewhere")));
    }

    [Theory]
    [InlineData("{\"id\":\"a\",\"question\":\"q\",\"segments\":[]}", "must begin with the prompt")]
    [InlineData("{\"id\":\"a\",\"question\":\"q\",\"segments\":[{\"step\":1,\"author\":\"policy\",\"text\":\"x\"}]}", "must begin with the prompt")]
    [InlineData("{\"id\":\"a\",\"question\":\"q\",\"segments\":[{\"step\":0,\"author\":\"prompt\",\"text\":\"x\"}]}", "nothing to train on")]
    [InlineData("{\"id\":\"a\",\"question\":\"q\",\"segments\":[{\"step\":0,\"author\":\"someone\",\"text\":\"x\"}]}", "someone")]
    [InlineData("{\"id\":\"a\",\"question\":\"q\",\"segments\":[{\"step\":0,\"author\":\"prompt\",\"text\":\"x\"},{\"step\":1,\"author\":\"policy\",\"text\":\"x\",\"token_ids\":[1,-2]}]}", "token_ids")]
    [InlineData("{\"id\":\"a\",\"question\":\"q\",\"prompt\":\"chat\",\"segments\":[{\"step\":0,\"author\":\"prompt\",\"text\":\"x\"},{\"step\":1,\"author\":\"policy\",\"text\":\"x\"}]}", "question or instructed")]
    [InlineData("{\"id\":\"a\"", "cut off")]
    public async Task A_broken_row_is_named_by_its_line(string row, string reason)
    {
        var path = Path.Combine(_folder, "rows.jsonl");
        await File.WriteAllTextAsync(path, "{\"format\":1,\"kind\":\"sft\"}\n" + row, Cancel);

        var problem = await Assert.ThrowsAsync<InputFormatException>(async () => await DemonstrationFile.ReadAsync(path, Cancel).ToListAsync(Cancel));

        Assert.Contains($"{path}(2)", problem.Message, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"format\":2,\"kind\":\"sft\"}", "another format")]
    [InlineData("{\"format\":1,\"kind\":\"pairs\"}", "kind \"pairs\"")]
    public async Task A_header_of_another_kind_is_refused(string header, string reason)
    {
        var path = Path.Combine(_folder, "rows.jsonl");
        await File.WriteAllTextAsync(path, header + "\n", Cancel);

        var problem = await Assert.ThrowsAsync<InputFormatException>(() => DemonstrationFile.ReadHeaderAsync(path, Cancel));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
