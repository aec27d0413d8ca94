using System.Globalization;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>Writes the preference task as files for <c>train sft</c> and <c>train pref</c>, with what a probe of the forms alone can tell.</summary>
internal static class PreferenceTaskFolder
{
    private const int TrainPairs = 2000;
    private const int HeldOutPairs = 1000;

    public static async Task<int> WriteAsync(string folder, string seedText)
    {
        var seed = new Seed(ulong.Parse(seedText, CultureInfo.InvariantCulture));
        var task = PreferenceTask.Make(TrainPairs, HeldOutPairs, seed, Path.Combine(folder, "tokenizer"));
        var header = new DemonstrationHeader { Prompt = PromptStyle.Question, Source = new JsonObject { ["task"] = "preference", ["seed"] = seed.Value } };
        await WriteAsync(Path.Combine(folder, "train.jsonl"), header, task.Train);
        await WriteAsync(Path.Combine(folder, "held-out.jsonl"), header, task.HeldOut);
        await WriteAsync(Path.Combine(folder, "shuffled.jsonl"), header, task.Shuffled(seed));
        await using (var writer = await DemonstrationWriter.CreateAsync(Path.Combine(folder, "sft.jsonl"), header, CancellationToken.None))
        {
            foreach (var demonstration in task.Demonstrations())
            {
                await writer.WriteAsync(demonstration, CancellationToken.None);
            }

            await writer.CommitAsync();
        }

        var (train, heldOut) = (Examples(task.Train), Examples(task.HeldOut));
        var probe = NgramProbe.Fit(train);
        Console.WriteLine(FormattableString.Invariant(
            $"{folder}: {task.Train.Count} train pairs, {task.HeldOut.Count} held out; at most {task.LongestPrompt} tokens of prompt and {task.LongestForm} of a form; probe of the forms alone: AUC {probe.AreaUnderCurve(train):0.000} on what it was fitted to, {probe.AreaUnderCurve(heldOut):0.000} held out"));
        return 0;
    }

    internal static async Task WriteAsync(string path, DemonstrationHeader header, IReadOnlyList<PreferencePair> pairs)
    {
        await using var writer = await PairWriter.CreateAsync(path, header, CancellationToken.None);
        foreach (var pair in pairs)
        {
            await writer.WriteAsync(pair, CancellationToken.None);
        }

        await writer.CommitAsync();
    }

    internal static List<(string Text, bool IsChosen)> Examples(IReadOnlyList<PreferencePair> pairs) =>
        [.. pairs.SelectMany(pair => new[] { (pair.Chosen[0].Text, true), (pair.Rejected[0].Text, false) })];
}
