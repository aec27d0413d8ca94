using System.Text.Json.Nodes;
using Agentic.Retrieval;
using Agentic.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class ModelFolderTests
{
    private static readonly ComputeOptions Cpu = new() { Device = DeviceChoice.Cpu };

    private static readonly TransformerOptions Small = new() { VocabularySize = 20, HiddenSize = 12, IntermediateSize = 10, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 4, ContextLength = 16, RopeBase = 5000, NormEpsilon = 1e-6 };

    [Theory]
    [InlineData(true, AttentionBias.None, true, "qwen3")]
    [InlineData(true, AttentionBias.Qkvo, false, "qwen3")]
    [InlineData(false, AttentionBias.Qkv, true, "qwen2")]
    [InlineData(false, AttentionBias.None, false, "llama")]
    [InlineData(false, AttentionBias.Qkvo, true, "llama")]
    public void A_model_comes_back_as_it_was_and_is_written_again_byte_for_byte(bool norm, AttentionBias bias, bool tied, string architecture)
    {
        using var folder = new TemporaryFolder();
        var (one, two) = (Path.Combine(folder.Path, "one"), Path.Combine(folder.Path, "two"));
        var options = Small with { QueryKeyNorm = norm, Bias = bias, TiedEmbeddings = tied };
        using var made = CausalLm.Create(options, Initialization.PreviousToken, new Seed(3), Cpu, new ModelVocabulary(1, 2, "print"));

        made.Save(one);
        using var read = CausalLm.Load(one, Cpu);
        read.Save(two);

        Assert.Equal(options, read.Options);
        Assert.Equal(made.Vocabulary, read.Vocabulary);
        Assert.All(made.Parameters.Zip(read.Parameters), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>()));
        Assert.Equal(architecture, (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(one, "config.json")))!["model_type"]);
        foreach (var file in new[] { "config.json", "generation_config.json", "model.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(one, file)), File.ReadAllBytes(Path.Combine(two, file)));
        }
    }

    [Fact]
    public void A_shape_that_no_architecture_names_is_refused()
    {
        var problem = Assert.Throws<OptionsException>(() => CausalLm.Create(Small with { QueryKeyNorm = true, Bias = AttentionBias.Qkv }, Initialization.Normal, new Seed(1), Cpu));

        Assert.Contains("qwen3 has no such bias", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_in_parts_is_read_like_a_whole_one()
    {
        using var folder = new TemporaryFolder();
        using var made = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);
        made.Save(folder.Path);
        File.Delete(Path.Combine(folder.Path, "model.safetensors"));
        var map = new JsonObject();
        for (var part = 0; part < 2; part++)
        {
            var name = $"model-0000{part + 1}-of-00002.safetensors";
            var mine = made.Parameters.Where((_, index) => index % 2 == part).ToList();
            mine.ForEach(parameter => map[parameter.Name] = name);
            using var stream = File.Create(Path.Combine(folder.Path, name));
            SafeTensorsFile.Write(stream, mine);
        }

        File.WriteAllText(Path.Combine(folder.Path, "model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());

        using var read = CausalLm.Load(folder.Path, Cpu);

        Assert.All(made.Parameters.Zip(read.Parameters), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>()));
    }

    [Fact]
    public void A_part_outside_the_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var made = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);
        made.Save(folder.Path);
        File.WriteAllText(Path.Combine(folder.Path, "model.safetensors.index.json"), """{"weight_map":{"model.norm.weight":"../elsewhere.safetensors"}}""");

        Assert.Contains("outside", Assert.Throws<InputFormatException>(() => CausalLm.Load(folder.Path, Cpu)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_named()
    {
        using var folder = new TemporaryFolder();
        using var made = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);
        made.Save(folder.Path);
        using (var scope = NewDisposeScope())
        using (var stream = File.Create(Path.Combine(folder.Path, "model.safetensors")))
        {
            var changed = made.Parameters.Where(parameter => parameter.Name != "model.norm.weight")
                .Select(parameter => parameter.Name == "model.embed_tokens.weight" ? (parameter.Name, zeros(19, 12)) : parameter);
            SafeTensorsFile.Write(stream, [.. changed, ("surplus", ones(1))]);
        }

        var message = Assert.Throws<InputFormatException>(() => CausalLm.Load(folder.Path, Cpu)).Message;

        Assert.Contains("'model.norm.weight' is missing", message, StringComparison.Ordinal);
        Assert.Contains("'model.embed_tokens.weight' is [19, 12] instead of [20, 12]", message, StringComparison.Ordinal);
        Assert.Contains("'surplus' is not part", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_no_number_is_refused_with_its_tensor()
    {
        using var folder = new TemporaryFolder();
        using var made = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);
        using (no_grad())
        {
            made.Parameters.Single(parameter => parameter.Name == "model.layers.1.mlp.up_proj.weight").Value[2, 3] = double.NaN;
        }

        made.Save(folder.Path);

        var message = Assert.Throws<InputFormatException>(() => CausalLm.Load(folder.Path, Cpu)).Message;
        Assert.Contains("'model.layers.1.mlp.up_proj.weight' holds NaN", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model_type", "\"gpt2\"", "'gpt2'")]
    [InlineData("hidden_act", "\"gelu\"", "gelu")]
    [InlineData("rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":4}", "yarn")]
    [InlineData("use_sliding_window", "true", "use_sliding_window")]
    [InlineData("hidden_size", "\"wide\"", "hidden_size")]
    [InlineData("num_attention_heads", "3", "KeyValueHeads")]
    [InlineData("vocab_size", "-1", "VocabularySize")]
    public void A_configuration_that_asks_for_something_else_is_refused(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        using var made = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);
        made.Save(folder.Path);
        var path = Path.Combine(folder.Path, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(path, config.ToJsonString());

        Assert.Contains(expected, Assert.Throws<InputFormatException>(() => CausalLm.Load(folder.Path, Cpu)).Message, StringComparison.Ordinal);
    }

    /// <summary>A folder of transformers 5 keeps the rotary base inside rope_parameters and the type under dtype.</summary>
    [Fact]
    public void A_newer_spelling_of_the_configuration_is_read()
    {
        using var folder = new TemporaryFolder();
        using var made = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);
        made.Save(folder.Path);
        var path = Path.Combine(folder.Path, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config.Remove("rope_theta");
        config["rope_parameters"] = new JsonObject { ["rope_theta"] = 123_000.0, ["rope_type"] = "default" };
        File.WriteAllText(path, config.ToJsonString());

        Assert.Equal(123_000.0, ModelFolder.Describe(folder.Path).Options.RopeBase);
    }

    /// <summary>Downloads hold the same weights in older formats too, and older exports a head that is tied anyway.</summary>
    [Fact]
    public void What_else_lies_in_a_folder_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        using var made = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);
        made.Save(folder.Path);
        using (var stream = File.Create(folder["model.safetensors"]))
        {
            SafeTensorsFile.Write(stream, [.. made.Parameters, ("lm_head.weight", made.Head)]);
        }

        folder.Write("pytorch_model-00001-of-00002.bin", "x");
        folder.Write("pytorch_model-00002-of-00002.bin", "x");

        using var read = CausalLm.Load(folder.Path, Cpu);

        Assert.Equal(made.Options, read.Options);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_earlier_model_as_it_was()
    {
        using var folder = new TemporaryFolder();
        using var earlier = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);
        using var later = CausalLm.Create(Small, Initialization.Normal, new Seed(4), Cpu);
        earlier.Save(folder.Path);
        var before = File.ReadAllBytes(folder["model.safetensors"]);
        Directory.CreateDirectory(folder["model.safetensors.tmp"]); // stands where the new file would be written

        Assert.ThrowsAny<Exception>(() => later.Save(folder.Path));

        Assert.Equal(before, File.ReadAllBytes(folder["model.safetensors"]));
    }

    [Fact]
    public void Half_the_bytes_hold_the_rounded_weights()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var made = CausalLm.Create(Small, Initialization.Normal, new Seed(3), Cpu);

        made.Save(folder.Path, ComputeType.Bfloat16);
        using var read = CausalLm.Load(folder.Path, Cpu);

        Assert.All(made.Parameters.Zip(read.Parameters), pair =>
            Assert.True(pair.First.Value.to(ScalarType.BFloat16).to(ScalarType.Float32).eq(pair.Second.Value).all().item<bool>()));
    }

    [Fact]
    public void A_tokenizer_of_another_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        var (larger, own, other) = (folder["larger"], folder["own"], folder["other"]);
        string[] texts = ["the river runs past the mill and the miller runs past the river"];
        var tokenizer = SmallTokenizer.Train(own, 270, texts);
        SmallTokenizer.Train(other, 270, ["a ship sails by the light of the moon and the moon lights the ship"]);
        SmallTokenizer.Train(larger, 280, texts);
        using var made = CausalLm.Create(Small with { VocabularySize = tokenizer.VocabularySize }, Initialization.Normal, new Seed(3), Cpu, ModelVocabulary.Of(tokenizer));
        foreach (var place in new[] { own, other, larger })
        {
            made.Save(place);
        }

        var (model, read) = ModelFolder.Load(own, Cpu);
        model.Dispose();
        Assert.Equal(tokenizer.EndId, read.EndId);
        Assert.Contains("not the one the model was made with", Assert.Throws<AgenticException>(() => ModelFolder.Load(other, Cpu)).Message, StringComparison.Ordinal);
        Assert.Contains($"tokens, the model {tokenizer.VocabularySize}", Assert.Throws<AgenticException>(() => ModelFolder.Load(larger, Cpu)).Message, StringComparison.Ordinal);
    }
}
