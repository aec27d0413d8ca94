using System.Text.Json.Nodes;
using Agentic.Cli;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.EndToEnd.Tests;

public sealed class TrainPrefCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _model;
    private readonly string _pairs;

    public TrainPrefCommandTests()
    {
        _pairs = _folder.Write("pairs.jsonl", string.Concat(Enumerable.Range(0, 12).Select(row => Row(row) + "\n")));
        _model = MakeModel();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_is_trained_on_pairs_and_held_out_ones_are_measured()
    {
        var run = await CommandLine.RunAsync(Train("out", "--objective", "dpo-nll", "--eval-data", _pairs, "--checkpoint-updates", "2", "--json"));

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Equal(4, (int)JsonNode.Parse(run.Out)!["updates"]!);
        var last = JsonNode.Parse(File.ReadLines(_folder["out/metrics.jsonl"]).Last())!;
        Assert.InRange((double)last["eval_logps/accuracies"]!, 0, 1);
        Assert.Equal((double)last["rewards/chosen"]! - (double)last["rewards/rejected"]!, (double)last["rewards/margins"]!, 1e-6);
        Assert.Equal(0, (await CommandLine.RunAsync("model", "show", "--model", _folder["out"])).Code);
    }

    [Fact]
    public async Task A_stored_reference_gives_the_same_model_whenever_it_was_filled()
    {
        string[] Stored(string output) => Train(output, "--objective", "dpo", "--reference-store", _folder["reference"]);
        Assert.Equal(0, (await CommandLine.RunAsync(Stored("first"))).Code);
        Assert.Equal(0, (await CommandLine.RunAsync(Stored("second"))).Code);

        Assert.Equal(await DigestAsync("first"), await DigestAsync("second"));
        (await CommandLine.RunAsync([.. Stored("third"), "--reference", _folder["first"]])).Refused("weights");
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_the_nearest_name_or_the_fix()
    {
        (await CommandLine.RunAsync(Train("out", "--objective", "dpoo"))).Refused("unknown kind \"dpoo\"", "dpo");
        (await CommandLine.RunAsync(Train("out", "--set", "preference.objective.bata=1"))).Refused("did you mean 'beta'");
        (await CommandLine.RunAsync(Train("out", "--objective", "simpo", "--reference-store", _folder["r"]))).Refused("compares with no reference");
        (await CommandLine.RunAsync(Train("out", "--objective", "token-weighted-dpo"))).Refused("carry no weights");
        (await CommandLine.RunAsync(Train("out", "--eval-questions", _pairs))).Refused("belong together");
        _folder.Write("empty.jsonl", Row(0).Replace("\"chosen\":[", "\"chosen\":[],\"was\":[", StringComparison.Ordinal) + "\n");
        (await CommandLine.RunAsync("train", "pref", "--model", _model, "--data", _folder["empty.jsonl"], "--out", _folder["out"])).Refused("empty.jsonl", "chosen");

        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Another_objective_in_the_same_folder_is_refused_and_the_work_is_left()
    {
        await CommandLine.RunAsync(Train("out", "--objective", "dpo"));
        var before = await DigestAsync("out");

        (await CommandLine.RunAsync(Train("out", "--objective", "ipo"))).Refused("objective.kind was \"dpo\" and is \"ipo\"", "--force");
        (await CommandLine.RunAsync(Train("out", "--objective", "dpo", "--set", "preference.objective.beta=0.2"))).Refused("objective.beta was 0.1 and is 0.2");
        Assert.Equal(before, await DigestAsync("out"));
    }

    [Fact]
    public async Task A_dry_run_shows_a_pair_with_its_masks_and_does_nothing()
    {
        var run = await CommandLine.RunAsync(Train("out", "--dry-run", "--json"));

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Equal(12, (int)JsonNode.Parse(run.Out)!["data"]!["pairs"]!);
        Assert.NotNull(JsonNode.Parse(run.Out)!["example"]!["rejected"]);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private string[] Train(string output, params string[] more) =>
        ["train", "pref", "--model", _model, "--data", _pairs, "--out", _folder[output], "--updates", "4", "--seed", "2", "--set", "preference.training.tokensPerUpdate=200", .. more];

    private async Task<string> DigestAsync(string output) => (await CommandLine.RunAsync("digest", _folder[output])).Out.Split(' ')[0];

    private static string Row(int row) =>
        $$"""{"id":"p{{row}}","question":"Who built the mill?","prompt":[{"step":0,"author":"prompt","text":"Question: Who built mill {{row}}?\n"}],"chosen":[{"step":1,"author":"policy","text":"Final answer: Ida Moran{{row}}"}],"rejected":[{"step":1,"author":"policy","text":"Subquery: Who?"},{"step":1,"author":"tool","text":"<Reference>\n</Reference>\n"},{"step":2,"author":"policy","text":"Final answer: {{row}}"}]}""";

    private string MakeModel()
    {
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 300 });
        trainer.Add("Question: Who built the mill? Subquery: Summary: Final answer: Ida Moran built it. <Reference> The mill was built by Ida Moran. </Reference>");
        var folder = _folder["model"];
        var tokenizer = trainer.Write(folder);
        var shape = new TransformerOptions { VocabularySize = tokenizer.VocabularySize, HiddenSize = 16, IntermediateSize = 24, Layers = 1, Heads = 2, KeyValueHeads = 2, HeadSize = 8, ContextLength = 128 };
        using var model = CausalLm.Create(shape, Initialization.Normal, new Seed(1), new ComputeOptions { Device = DeviceChoice.Cpu }, ModelVocabulary.Of(tokenizer));
        model.Save(folder);
        return folder;
    }
}
