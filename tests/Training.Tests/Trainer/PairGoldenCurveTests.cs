using System.Text.Json;
using Agentic.Agent;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Twenty updates on pairs against an independent implementation in PyTorch: Golden/pair_curve.py made the numbers.</summary>
public sealed class PairGoldenCurveTests
{
    private const int Whole = 100_000;
    private const int OnePair = 1;

    private static readonly JsonElement Golden = GoldenModel.Curve("pair_curve.json");

    private static readonly Dictionary<string, ObjectiveOptions> Objectives = new(StringComparer.Ordinal)
    {
        ["dpo"] = new DpoOptions { Beta = 0.1 },
        ["dpo-nll"] = new DpoNllOptions { Beta = 0.1, Alpha = 0.2, Nll = NllReduction.Sum },
    };

    // In eight micro-batches of a pair each as in one of eight.
    [Theory]
    [InlineData("dpo", Whole)]
    [InlineData("dpo", OnePair)]
    [InlineData("dpo-nll", Whole)]
    [InlineData("dpo-nll", OnePair)]
    public void Loss_and_gradient_norm_of_every_update_are_those_of_an_independent_implementation(string kind, int microBatchTokens)
    {
        var (losses, norms) = Train(Objectives[kind], microBatchTokens);

        GoldenModel.AssertClose(Golden.GetProperty(kind).GetProperty("loss"), losses);
        GoldenModel.AssertClose(Golden.GetProperty(kind).GetProperty("grad_norm"), norms);
    }

    private static (List<double> Losses, List<double> Norms) Train(ObjectiveOptions objective, int microBatchTokens)
    {
        var options = GoldenModel.Options with { MicroBatchTokens = microBatchTokens };
        using var models = new TrainedModels(GoldenModel.Create(), GoldenModel.Create());
        using var optimizer = new AdamwOptimizerOptions { LearningRate = 2e-3, WeightDecay = 0.1 }.Build(models.Policy.Parameters, ScalarType.Float64);
        var (losses, norms) = (new List<double>(), new List<double>());
        foreach (var pairs in Golden.GetProperty("updates").EnumerateArray())
        {
            var items = PairItems.Of([.. pairs.EnumerateArray().Select(Pair)], RandomRows.Maker, GoldenModel.Shape.ContextLength, LongRows.Refuse, "golden");
            var taken = Enumerable.Range(0, items.Count).OrderByDescending(item => items.SizeOf(item).LongestRow).ToArray();
            using var step = new UpdateStep(models, objective.Build(), items, optimizer, options);
            var result = step.Run(losses.Count + 1, taken, options.Schedule.Factor(losses.Count, 20));
            losses.Add(result.Loss);
            norms.Add(result.GradNorm);
        }

        return (losses, norms);
    }

    private static TokenizedPair Pair(JsonElement pair)
    {
        int[] prompt = [.. Numbers(pair, "prompt")];
        return new TokenizedPair("pair", 0, prompt.Length, Row(prompt, pair, "chosen"), Row(prompt, pair, "rejected"));
    }

    private static TokenizedRow Row(int[] prompt, JsonElement pair, string side) => new(
        side,
        [.. prompt, .. Numbers(pair, side)],
        [
            new TokenSpan(0, prompt.Length, 0, Author.Prompt, false),
            .. Numbers(pair, side + "_mask").Select((isTrained, at) => new TokenSpan(prompt.Length + at, 1, 1, isTrained == 1 ? Author.Policy : Author.Tool, isTrained == 1)),
        ]);

    private static IEnumerable<int> Numbers(JsonElement pair, string name) => pair.GetProperty(name).EnumerateArray().Select(number => number.GetInt32());
}
