using System.Text.Json.Nodes;
using Agentic.Cli;

namespace Agentic.EndToEnd.Tests;

public sealed class RecipeTests : IDisposable
{
    private static readonly string[] Tiny =
    [
        .. new[]
        {
            "world.documents=30", "world.questions=12", "direct.worlds=1", "mixed.worlds=1", "vocabulary.vocabularySize=400", "architecture.hiddenSize=16", "architecture.intermediateSize=32",
            "architecture.layers=1", "architecture.heads=2", "architecture.keyValueHeads=2", "architecture.headSize=8", "training.compute.dType=float32", "training.updates=2",
        }.SelectMany(value => new[] { "--set", "recipe." + value }),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_recipe_ends_in_a_policy_and_is_not_done_twice()
    {
        var first = await RunAsync("--seed", "1");
        Assert.True(first.Code == ExitCode.Ok, first.Error);
        Assert.Contains("phase 2 of 2: 2 updates", first.Error, StringComparison.Ordinal);
        var weights = await File.ReadAllBytesAsync(Path.Combine(_folder["model"], "model.safetensors"), TestContext.Current.CancellationToken);

        // What is done stands; what was lost is made again, to the same bits.
        Directory.Delete(Path.Combine(_folder["model"], "phase-2"), recursive: true);
        File.Delete(Path.Combine(_folder["model"], "model.safetensors"));
        var again = await RunAsync("--seed", "1");
        Assert.True(again.Code == ExitCode.Ok, again.Error);
        Assert.DoesNotContain("demonstrations of", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("phase 1", again.Error, StringComparison.Ordinal);
        Assert.Equal(weights, await File.ReadAllBytesAsync(Path.Combine(_folder["model"], "model.safetensors"), TestContext.Current.CancellationToken));

        // Two updates teach nothing; the agent takes what such a model writes for what it is.
        Assert.Equal(ExitCode.Ok, (await CommandLine.RunAsync("quickstart", "--out", _folder["q"])).Code);
        var asked = await CommandLine.RunAsync("ask", "--policy", "local", "--model", _folder["model"], "--index", Path.Combine(_folder["q"], "index"), "Who?", "--json");
        Assert.Equal(ExitCode.CheckFailed, asked.Code);
        Assert.StartsWith("local/", (string)JsonNode.Parse(asked.Out)!["policy_id"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_numbers_in_the_same_folder_are_refused_with_the_difference()
    {
        Assert.Equal(ExitCode.Ok, (await RunAsync("--seed", "1")).Code);

        (await RunAsync("--seed", "2")).Refused("seed was 1 and is 2");
        (await RunAsync("--seed", "1", "--set", "recipe.evidenceItems=4")).Refused("evidenceItems was 3 and is 4");
    }

    // The recipe trains with Muon although a training by itself does not: one value set must not lose the others.
    [Fact]
    public async Task A_value_set_leaves_its_neighbours_as_the_recipe_has_them()
    {
        var shown = JsonNode.Parse((await CommandLine.RunAsync("recipe", "show", "agent-sft", "--set", "recipe.training.microBatchTokens=512")).Out)!;

        Assert.Equal(512, (int)shown["training"]!["microBatchTokens"]!);
        Assert.Equal("muon", (string)shown["training"]!["optimizer"]!["kind"]!);
    }

    [Fact]
    public async Task A_misspelt_recipe_or_option_is_named()
    {
        (await CommandLine.RunAsync("recipe", "run", "agent-stf", "--out", _folder["x"])).Refused("agent-stf", "agent-sft");
        (await CommandLine.RunAsync("recipe", "show", "agent-sft", "--set", "recipe.evidenceitem=4")).Refused("evidenceItems");
        Assert.Contains("agent-sft", (await CommandLine.RunAsync("recipe", "list")).Out, StringComparison.Ordinal);
    }

    // What the recipe decides elsewhere is refused instead of ignored, and so are names kept for tests.
    [Theory]
    [InlineData("world.split=test", "must be train")]
    [InlineData("training.schedule.decayShare=0.5", "direct.schedule")]
    [InlineData("demonstrations.directShare=0.5", "mixed.directShare")]
    [InlineData("architecture.vocabularySize=500", "vocabulary.vocabularySize")]
    [InlineData("training.seed=3", "--seed")]
    public async Task A_value_that_would_do_nothing_or_harm_is_refused(string value, string hint)
    {
        (await CommandLine.RunAsync("recipe", "run", "agent-sft", "--out", _folder["x"], "--set", "recipe." + value)).Refused(hint);
        Assert.False(Directory.Exists(_folder["x"]));
    }

    private Task<CommandLine> RunAsync(params string[] arguments) => CommandLine.RunAsync(["recipe", "run", "agent-sft", "--out", _folder["model"], .. arguments, .. Tiny]);
}
