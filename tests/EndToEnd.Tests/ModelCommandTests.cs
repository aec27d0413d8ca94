using System.Text.Json.Nodes;
using Agentic.TestSupport;
using Agentic.Training;
using TorchSharp;

namespace Agentic.EndToEnd.Tests;

public sealed class ModelCommandTests
{
    [Fact]
    public async Task A_new_model_can_be_shown_and_converted_and_is_not_written_over()
    {
        using var folder = new TempFolder();
        var (tokenizer, model, copy) = (Path.Combine(folder.Path, "tokenizer"), Path.Combine(folder.Path, "model"), Path.Combine(folder.Path, "copy"));
        Train(tokenizer);
        string[] create = ["model", "new", "--tokenizer", tokenizer, "--hidden", "32", "--layers", "1", "--heads", "2", "--context", "64", "--seed", "5", "--out", model, "--json"];

        var made = await CommandLine.RunAsync(create);
        var shown = await CommandLine.RunAsync("model", "show", "--model", model, "--json");
        var converted = await CommandLine.RunAsync("model", "convert", "--model", model, "--out", copy);

        Assert.Equal(0, made.Code);
        Assert.Equal(made.Out, shown.Out);
        var facts = JsonNode.Parse(made.Out)!;
        // 270 x 32 embedding, 4 of 32 x 32, 2 head gains of 16, 3 of 32 x 80, and 3 gains of 32.
        Assert.Equal((270 * 32) + (4 * 32 * 32) + (2 * 16) + (3 * 32 * 80) + (3 * 32), (int)facts["parameters"]!);
        Assert.Equal("qwen3", (string?)facts["architecture"]);
        Assert.Equal(0, converted.Code);
        Assert.Equal(File.ReadAllBytes(Path.Combine(model, "model.safetensors")), File.ReadAllBytes(Path.Combine(copy, "model.safetensors")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(model, "tokenizer.json")), File.ReadAllBytes(Path.Combine(copy, "tokenizer.json")));
        (await CommandLine.RunAsync(create)).Refused("holds a model already");
    }

    [Fact]
    public async Task A_shape_that_cannot_be_is_refused_with_every_reason()
    {
        using var folder = new TempFolder();
        Train(folder.Path);

        var run = await CommandLine.RunAsync("model", "new", "--tokenizer", folder.Path, "--heads", "4", "--kv-heads", "3", "--bias", "qkv", "--out", Path.Combine(folder.Path, "model"));

        run.Refused("KeyValueHeads (3) must divide Heads (4)", "qwen3 has no such bias");
    }

    [Fact]
    public async Task A_folder_without_a_model_and_a_misspelt_start_are_refused()
    {
        using var folder = new TempFolder();

        (await CommandLine.RunAsync("model", "show", "--model", folder.Path)).Refused("holds no model");
        (await CommandLine.RunAsync("model", "new", "--tokenizer", "t", "--init", "previous-tokens", "--out", "o")).Refused("previous-token");
    }

    [Fact]
    public async Task A_llama2c_folder_becomes_a_folder_that_is_read_the_same()
    {
        using var folder = new TempFolder();
        var copy = Path.Combine(folder.Path, "copy");

        var converted = await CommandLine.RunAsync("model", "convert", "--model", PublicData.Require("llama-stories260k"), "--out", copy, "--json");

        Assert.Equal(0, converted.Code);
        var facts = JsonNode.Parse(converted.Out)!;
        Assert.Equal(("llama", 512, "512 tokens"), ((string?)facts["architecture"], (int)facts["shape"]!["vocabulary_size"]!, (string?)facts["tokenizer"]));
        using var original = CausalLm.Load(PublicData.Require("llama-stories260k"), new ComputeOptions { Device = DeviceChoice.Cpu });
        using var read = CausalLm.Load(copy, new ComputeOptions { Device = DeviceChoice.Cpu });
        Assert.All(original.Parameters.Zip(read.Parameters), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().ToBoolean()));
    }

    internal static void Train(string folder)
    {
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 270 });
        trainer.Add("the river runs past the mill, and the miller runs past the river to the mill where the river runs");
        trainer.Write(folder);
    }
}
