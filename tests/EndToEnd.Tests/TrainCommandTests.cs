using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Cli;
using Agentic.Retrieval;
using Agentic.TestSupport;
using Agentic.Training;

namespace Agentic.EndToEnd.Tests;

public sealed class TrainCommandTests : IDisposable
{
    private const string Header = """{"format":1,"kind":"sft","prompt":"question","evidence":{"mode":"kag","items":3},"agent":{"maxSteps":4},"source":{"seed":1}}""";

    private readonly TempFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public TrainCommandTests()
    {
        _data = _folder.Write("sft.jsonl", string.Join('\n', [Header, .. Enumerable.Range(0, 12).Select(Row)]) + "\n");
        _model = MakeModel("model", seed: 1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_trained_model_is_a_folder_that_knows_how_its_data_were_made()
    {
        var run = await CommandLine.RunAsync(Train("out", "--json"));

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Equal(6, (int)JsonNode.Parse(run.Out)!["updates"]!);
        Assert.Equal(6, File.ReadLines(_folder["out/metrics.jsonl"]).Count());
        Assert.Equal(3, (int)JsonNode.Parse(File.ReadAllText(_folder["out/agent.json"]))!["evidence"]!["items"]!);
        Assert.Equal(0, (await CommandLine.RunAsync("model", "show", "--model", _folder["out"])).Code);
    }

    [Fact]
    public async Task The_same_command_finds_its_work_done_and_other_options_are_refused_with_the_difference()
    {
        await CommandLine.RunAsync(Train("out"));
        var digest = await DigestAsync("out");

        var again = await CommandLine.RunAsync(Train("out"));
        Assert.Contains("all 6 updates are done", again.Error, StringComparison.Ordinal);
        (await CommandLine.RunAsync(Train("out", "--seed", "4"))).Refused("training.seed was 2 and is 4", "--force");
        (await CommandLine.RunAsync(Train("out", "--optimizer", "muon"))).Refused("training.optimizer.kind was \"adamw\" and is \"muon\"");
        _folder.Write("sft.jsonl", File.ReadAllText(_data).Replace("Ida", "Ada", StringComparison.Ordinal));
        (await CommandLine.RunAsync(Train("out"))).Refused("data was ");

        // How often it is saved decides nothing.
        _folder.Write("sft.jsonl", File.ReadAllText(_data).Replace("Ada", "Ida", StringComparison.Ordinal));
        Assert.Equal(0, (await CommandLine.RunAsync(Train("out", "--checkpoint-updates", "5"))).Code);
        Assert.Equal(digest, await DigestAsync("out"));
    }

    [Fact]
    public async Task A_run_begun_from_another_model_is_refused_and_can_be_started_over()
    {
        await CommandLine.RunAsync(Train("out"));
        var before = await DigestAsync("out");
        Directory.Delete(_model, recursive: true);
        MakeModel("model", seed: 2);

        (await CommandLine.RunAsync(Train("out"))).Refused("model was ");
        Assert.Equal(before, await DigestAsync("out"));
        Assert.Equal(0, (await CommandLine.RunAsync(Train("out", "--force"))).Code);
        Assert.NotEqual(before, await DigestAsync("out"));
    }

    [Fact]
    public async Task Misspelt_options_and_unfit_files_are_refused()
    {
        (await CommandLine.RunAsync(Train("out", "--set", "training.optimiser.kind=muon"))).Refused("training.optimiser: unknown key", "optimizer");
        (await CommandLine.RunAsync(Train("out", "--optimizer", "adamx"))).Refused("adamw");
        (await CommandLine.RunAsync(Train("out", "--config", _folder.Write("c.json", """{"training": {"maxGradNrm": 1}}""")))).Refused("c.json", "maxGradNorm");
        (await CommandLine.RunAsync("train", "sft", "--model", _folder["nowhere"], "--data", _data, "--out", _folder["out"])).Refused("nowhere");
        (await CommandLine.RunAsync("train", "sft", "--model", _model, "--data", _folder["nothing.jsonl"], "--out", _folder["out"])).Refused("nothing.jsonl");
        (await CommandLine.RunAsync("train", "sft", "--model", _model, "--data", _data, "--out", _data)).Refused("is a file; name a folder");
        _folder.Write("ids.jsonl", Row(0).Replace("answer: Ida Moran\"}", "answer: Ida Moran\",\"token_ids\":[1,2,99999]}", StringComparison.Ordinal) + "\n");
        (await CommandLine.RunAsync("train", "sft", "--model", _model, "--data", _folder["ids.jsonl"], "--out", _folder["out"])).Refused("ids.jsonl", "99999", "outside the vocabulary");
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task A_dry_run_tells_the_cost_shows_a_row_and_writes_nothing()
    {
        var run = await CommandLine.RunAsync(Train("out", "--dry-run", "--json"));

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var told = JsonNode.Parse(run.Out)!;
        Assert.Equal(6, (int)told["forecast"]!["updates"]!);
        Assert.Equal(12, (int)told["data"]!["rows"]!);
        Assert.Equal((int)told["example"]!["trained_tokens"]!, told["example"]!["mask"]!.AsArray().Count(token => (bool)token!["trained"]!));
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task The_mask_shows_what_the_policy_wrote_and_nothing_else()
    {
        var run = await CommandLine.RunAsync("sft", "show-mask", _data, "--model", _model, "--row", "2", "--json");
        var plain = await CommandLine.RunAsync("sft", "show-mask", _data, "--model", _model, "--row", "2");
        var page = await CommandLine.RunAsync("sft", "show-mask", _data, "--model", _model, "--row", "2", "--html", _folder["mask.html"]);

        var shown = JsonNode.Parse(run.Out)!["mask"]!.AsArray();
        string Text(bool trained) => string.Concat(shown.Where(token => (bool)token!["trained"]! == trained).Select(token => (string?)token!["text"]));
        Assert.Equal("Subquery: Who built mill 1?\nSummary: Ida Moran built it.\nFinal answer: Ida Moran", Text(trained: true));
        Assert.Equal("Question: Who built mill 1?\n<Reference>\nMill 1 was built by Ida Moran.\n</Reference>\n", Text(trained: false));
        Assert.Contains("⟦Subquery: Who built mill 1?", plain.Out, StringComparison.Ordinal);
        Assert.Equal(0, page.Code);
        Assert.Equal(shown.Count, File.ReadAllText(_folder["mask.html"]).Split("<span").Length - 1);
        (await CommandLine.RunAsync("sft", "show-mask", _data, "--model", _model, "--row", "13")).Refused("--row 13");
    }

    [Fact]
    public async Task An_interrupted_run_saves_itself_ends_with_130_and_goes_on_to_the_same_weights()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs signals of Unix");
        var cancellationToken = TestContext.Current.CancellationToken;
        string[] Long(string name) => Train(name, "--updates", "60", "--checkpoint-updates", "1000");
        using var seen = new CancellationTokenSource();

        var first = await AgenticProcess.RunAsync(Long("stopped"), "INT", UpdatesAsync("stopped", 3, cancellationToken), cancellationToken);
        Assert.Equal((ExitCode.Interrupted, ""), (first.Code, first.Out));
        Assert.Single(Directory.GetDirectories(_folder["stopped/checkpoints"]));
        var second = await CommandLine.RunAsync(Long("stopped"));
        var undisturbed = await CommandLine.RunAsync(Long("undisturbed"));

        Assert.Contains("going on after update", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, undisturbed.Code);
        Assert.Equal(await DigestAsync("undisturbed"), await DigestAsync("stopped"));
    }

    private async Task UpdatesAsync(string name, int updates, CancellationToken cancellationToken)
    {
        var path = _folder[Path.Combine(name, "metrics.jsonl")];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(path) || File.ReadAllText(path).Count(c => c == '\n') < updates)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private string[] Train(string output, params string[] more)
    {
        string[] defaults = more.Contains("--updates") ? [] : ["--updates", "6"];
        string[] seed = more.Contains("--seed") ? [] : ["--seed", "2"];
        return ["train", "sft", "--model", _model, "--data", _data, "--out", _folder[output], "--set", "training.tokensPerUpdate=200", .. defaults, .. seed, .. more];
    }

    private string MakeModel(string name, ulong seed)
    {
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 300 });
        trainer.Add("Question: Who built the mill? Subquery: Summary: Final answer: Ida Moran built it. <Reference> The mill was built by Ida Moran. </Reference>");
        var tokenizer = trainer.Write(_folder[name]);
        var shape = new TransformerOptions { VocabularySize = tokenizer.VocabularySize, HiddenSize = 16, IntermediateSize = 24, Layers = 1, Heads = 2, KeyValueHeads = 2, HeadSize = 8, ContextLength = 256 };
        using var model = CausalLm.Create(shape, Initialization.Normal, new Seed(seed), new ComputeOptions { Device = DeviceChoice.Cpu }, ModelVocabulary.Of(tokenizer));
        model.Save(_folder[name]);
        return _folder[name];
    }

    private static string Row(int number)
    {
        object Segment(int step, string author, string text) => new { step, author, text };
        var n = number.ToString(CultureInfo.InvariantCulture);
        return JsonSerializer.Serialize(new
        {
            id = $"row-{n}",
            question_id = $"q-{n}",
            question = $"Who built mill {n}?",
            type = "bridge",
            hops = 1,
            prompt = "question",
            segments = new[]
            {
                Segment(0, "prompt", $"Question: Who built mill {n}?\n"),
                Segment(1, "policy", $"Subquery: Who built mill {n}?\n"),
                Segment(1, "tool", $"<Reference>\nMill {n} was built by Ida Moran.\n</Reference>\n"),
                Segment(1, "policy", "Summary: Ida Moran built it.\nFinal answer: Ida Moran"),
            },
            answer = "Ida Moran",
        }, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private async Task<string> DigestAsync(string name) => (await CommandLine.RunAsync("digest", _folder[name])).Out.Split(' ')[0];
}
