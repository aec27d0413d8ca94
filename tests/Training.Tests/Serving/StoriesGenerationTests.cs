using System.IO.Compression;
using System.Text.Json;
using Agentic.TestSupport;

namespace Agentic.Training.Tests;

/// <summary>A published checkpoint against what a plain C program computed with it.</summary>
public sealed class StoriesGenerationTests
{
    [Theory, InlineData(1), InlineData(8)]
    public async Task Greedy_ids_and_text_are_the_published_ones(int sequences)
    {
        using var model = LocalModel.Load(Folder, new GeneratorOptions { MaxSequences = sequences, PromptRows = 5 });
        var runs = Runs().ToList();

        var generations = await Task.WhenAll(Enumerable.Range(0, 8).Select(at => model.Generator.GenerateAsync(
            new GenerationRequest(runs[at % runs.Count].Prompt) { MaxTokens = runs[at % runs.Count].Greedy.Length, StopsAtEnd = false }, TestContext.Current.CancellationToken)));

        foreach (var (at, generation) in generations.Index())
        {
            var run = runs[at % runs.Count];
            Assert.Equal(run.Greedy, generation.Tokens.Select(token => token.Id));
            Assert.Equal(run.Text.TrimEnd('\n'), (run.Words + generation.Text).TrimEnd('\n'));
            Assert.All(generation.Tokens.Zip(run.LogProbs), pair => Assert.Equal(pair.Second, pair.First.LogProb, 1e-4));
        }
    }

    [Fact]
    public void Every_recorded_logit_is_met_token_by_token()
    {
        using var model = CausalLm.Load(Folder, new ComputeOptions { Device = DeviceChoice.Cpu });
        using var decoder = new ManagedDecoder(model, threads: 1);
        int[] seen = [0, 1, 2, 3, 100, 200, 300, 511];
        foreach (var run in Runs())
        {
            using var cache = decoder.NewSequence();
            var logits = new float[512];
            foreach (var (position, step) in run.Steps.Index())
            {
                decoder.Forward([new DecoderRow(cache, step.GetProperty("token").GetInt32(), 0)], logits);
                Assert.All(seen.Zip(step.GetProperty("logits8").EnumerateArray()), pair => Assert.Equal(pair.Second.GetSingle(), logits[pair.First], 1e-4f));
                if (position == run.Prompt.Length - 1)
                {
                    Assert.All(logits.Zip(run.AtPromptEnd), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
                }
            }
        }
    }

    private static string Folder => Path.GetDirectoryName(PublicData.Require("llama-stories260k/tok512.bin"))!;

    private static IEnumerable<Run> Runs()
    {
        using var gzip = new GZipStream(File.OpenRead(PublicData.Require("llama-stories260k/expected.jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        while (reader.ReadLine() is { } line)
        {
            var row = JsonDocument.Parse(line).RootElement;
            int[] Ids(string name) => [.. row.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
            var steps = row.GetProperty("steps").EnumerateArray().ToList();
            var prompt = Ids("prompt_tokens");
            yield return new Run(
                row.GetProperty("prompt").GetString()!,
                prompt,
                Ids("greedy_tokens"),
                row.GetProperty("text").GetString()!,
                [.. row.GetProperty("logits_at_last_prompt_token").EnumerateArray().Select(logit => logit.GetSingle())],
                steps,
                [.. steps.Skip(prompt.Length - 1).Select(step => step.GetProperty("max_logit").GetDouble() - step.GetProperty("logsumexp").GetDouble())]);
        }
    }

    /// <param name="Words">The prompt as text.</param>
    private sealed record Run(string Words, int[] Prompt, int[] Greedy, string Text, float[] AtPromptEnd, List<JsonElement> Steps, double[] LogProbs);
}
