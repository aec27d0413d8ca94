using System.Text.Json.Nodes;
using Agentic.Cli;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.EndToEnd.Tests;

public sealed class PairsCommandTests : IDisposable
{
    private const string Header = """{"format":1,"kind":"pairs","prompt":"question"}""";

    private readonly TempFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public PairsCommandTests()
    {
        _data = _folder.Write("pairs.jsonl", string.Join('\n', Header, Row("a", "Ida Moran"), Row("b", "Bo Larsen")) + "\n");
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 300 });
        trainer.Add("Question: Who built the mill? Subquery: Summary: Final answer: Ida Moran built it. <Reference> The mill was built by Ida Moran. </Reference>");
        _model = _folder["model"];
        var tokenizer = trainer.Write(_model);
        var shape = new TransformerOptions { VocabularySize = tokenizer.VocabularySize, HiddenSize = 16, IntermediateSize = 24, Layers = 1, Heads = 2, KeyValueHeads = 2, HeadSize = 8, ContextLength = 256 };
        using var model = CausalLm.Create(shape, Initialization.Normal, new Seed(1), new ComputeOptions { Device = DeviceChoice.Cpu }, ModelVocabulary.Of(tokenizer));
        model.Save(_model);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_masks_of_both_sides_are_shown_with_the_point_where_they_part()
    {
        var run = await CommandLine.RunAsync("pairs", "show-mask", _data, "--model", _model, "--row", "2", "--json");
        var plain = await CommandLine.RunAsync("pairs", "show-mask", _data, "--model", _model, "--row", "2");
        var page = await CommandLine.RunAsync("pairs", "show-mask", _data, "--model", _model, "--row", "2", "--html", _folder["mask.html"]);

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var shown = JsonNode.Parse(run.Out)!;
        Assert.Equal("Subquery: Who built it?\nFinal answer: Bo Larsen", Trained(shown, "chosen"));
        Assert.Equal("Subquery: Who built it?\nFinal answer: not stated", Trained(shown, "rejected"));
        var (partsAt, prompt) = ((int)shown["parts_at"]!, (int)shown["prompt_tokens"]!);
        Assert.True(partsAt > prompt);
        string Before(string side) => string.Concat(shown[side]!["mask"]!.AsArray().Take(partsAt).Select(token => (string?)token!["text"]));
        Assert.Equal(Before("chosen"), Before("rejected"));
        Assert.EndsWith("Final answer:", Before("chosen").TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("the sides part at ▶", plain.Out, StringComparison.Ordinal);
        Assert.Equal(0, page.Code);
        Assert.Equal(2, File.ReadAllText(_folder["mask.html"]).Split("<mark>").Length - 1);
        (await CommandLine.RunAsync("pairs", "show-mask", _data, "--model", _model, "--row", "3")).Refused("--row 3");
    }

    [Fact]
    public async Task Validate_tells_every_problem_by_row_and_field_up_to_the_limit()
    {
        var sound = await CommandLine.RunAsync("pairs", "validate", _data, "--model", _model, "--json");
        var broken = _folder.Write("broken.jsonl", string.Join(
            '\n',
            Header,
            Row("a", "Ida Moran"),
            "{nonsense",
            Row("a", "Bo Larsen"),
            Row("c", "not stated"),
            Row("d", "Ida Moran").Replace("""Ida Moran"}""", """Ida Moran","token_ids":[1,99999]}""", StringComparison.Ordinal),
            Row("e", string.Join(' ', Enumerable.Repeat("Ida Moran", 200)))));

        Assert.True(sound.Code == ExitCode.Ok, sound.Error);
        Assert.Equal((2, 0), ((int)JsonNode.Parse(sound.Out)!["pairs"]!, (int)JsonNode.Parse(sound.Out)!["problems"]!));
        Assert.Equal((3, 3), await ProblemsAsync(broken));
        Assert.Equal((5, 2), await ProblemsAsync(broken, "--model", _model, "--limit", "2"));
        Assert.Equal((4, 4), await ProblemsAsync(broken, "--model", _model, "--set", "training.longRows=truncate"));
        var run = await CommandLine.RunAsync("pairs", "validate", broken, "--model", _model);
        Assert.Contains("line 3, row 2 is not JSON", run.Out, StringComparison.Ordinal);
        Assert.Contains("line 4, row 3, \"id\": \"a\" is already the id of row 1", run.Out, StringComparison.Ordinal);
        Assert.Contains("line 5, row 4, \"rejected\": says the same", run.Out, StringComparison.Ordinal);
        Assert.Contains("99999 is outside the vocabulary", run.Out, StringComparison.Ordinal);
        Assert.Contains("tokens on its longer side", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pairs_go_to_trl_and_back()
    {
        var there = await CommandLine.RunAsync("pairs", "convert", "--from", "own", "--to", "trl", "--in", _data, "--out", _folder["trl.jsonl"]);
        var back = await CommandLine.RunAsync("pairs", "convert", "--from", "trl", "--to", "own", "--in", _folder["trl.jsonl"], "--out", _folder["back.jsonl.gz"], "--json");

        Assert.True(there.Code == ExitCode.Ok, there.Error);
        Assert.Contains("cannot hold token ids", there.Error, StringComparison.Ordinal);
        Assert.Equal(2, (int)JsonNode.Parse(back.Out)!["pairs"]!);
        Assert.Equal(await MaskAsync(_data), await MaskAsync(_folder["back.jsonl.gz"]));
    }

    [Fact]
    public async Task Unfit_files_places_and_words_are_refused()
    {
        (await CommandLine.RunAsync("pairs", "validate", _folder["nothing.jsonl"])).Refused("nothing.jsonl");
        (await CommandLine.RunAsync("pairs", "validate", _data, "--model", _folder["nowhere"])).Refused("nowhere");
        (await CommandLine.RunAsync("pairs", "convert", "--from", "tlr", "--in", _data, "--out", _folder["x"])).Refused("--from tlr", "trl");
        (await CommandLine.RunAsync("pairs", "convert", "--from", "trl", "--to", "own", "--in", _folder.Write("t.jsonl", "{\"chosen\":\"a\"}\n"), "--out", _folder["x"])).Refused("row 1, \"prompt\"");
        (await CommandLine.RunAsync("pairs", "convert", "--in", _data, "--out", _folder.Path)).Refused("--out", "is a folder");
        Assert.False(File.Exists(_folder["x"]));
    }

    private async Task<(int Problems, int Listed)> ProblemsAsync(params string[] arguments)
    {
        var run = await CommandLine.RunAsync(["pairs", "validate", .. arguments, "--json"]);
        Assert.True(run.Code == ExitCode.CheckFailed, run.Error);
        var report = JsonNode.Parse(run.Out)!;
        return ((int)report["problems"]!, report["listed"]!.AsArray().Count);
    }

    private async Task<string> MaskAsync(string path) => (await CommandLine.RunAsync("pairs", "show-mask", path, "--model", _model, "--json")).Out.Replace("\"step\": 2", "\"step\": 1", StringComparison.Ordinal);

    private static string Trained(JsonNode shown, string side) =>
        string.Concat(shown[side]!["mask"]!.AsArray().Where(token => (bool)token!["trained"]!).Select(token => (string?)token!["text"]));

    private static string Row(string id, string answer) => $$"""
        {"id":"{{id}}","question_id":"q","question":"Who built the mill?","prompt":[{"step":0,"author":"prompt","text":"Question: Who built the mill?\n"}],"chosen":[{"step":1,"author":"policy","text":"Subquery: Who built it?\n"},{"step":1,"author":"tool","text":"<Reference>\nThe mill was built.\n</Reference>\n"},{"step":1,"author":"policy","text":"Final answer: {{answer}}"}],"rejected":[{"step":1,"author":"policy","text":"Subquery: Who built it?\n"},{"step":1,"author":"tool","text":"<Reference>\nThe mill was built.\n</Reference>\n"},{"step":1,"author":"policy","text":"Final answer: not stated"}]}
        """;
}
