using System.Text.Json;
using Agentic.Agent;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Twenty updates against an independent implementation in PyTorch: Golden/sft_curve.py made the numbers.</summary>
public sealed class GoldenCurveTests
{
    private static readonly JsonElement Golden = GoldenModel.Curve("sft_curve.json");

    public static TheoryData<string, OptimizerOptions> Optimizers => new()
    {
        { "adamw", new AdamwOptimizerOptions { LearningRate = 2e-3, WeightDecay = 0.1 } },
        { "muon", new MuonOptimizerOptions { WeightDecay = 0.05 } },
    };

    [Theory]
    [MemberData(nameof(Optimizers), DisableDiscoveryEnumeration = true)]
    public void Loss_and_gradient_norm_of_every_update_are_those_of_an_independent_implementation(string name, OptimizerOptions options)
    {
        var expected = Golden.GetProperty(name);
        var (losses, norms) = Train(options);

        GoldenModel.AssertClose(expected.GetProperty("loss"), losses);
        GoldenModel.AssertClose(expected.GetProperty("grad_norm"), norms);
    }

    private static (List<double> Losses, List<double> Norms) Train(OptimizerOptions optimizerOptions)
    {
        using var model = GoldenModel.Create();
        using var optimizer = optimizerOptions.Build(model.Parameters, ScalarType.Float64);
        var (losses, norms) = (new List<double>(), new List<double>());
        foreach (var rows in Golden.GetProperty("updates").EnumerateArray())
        {
            var items = Items(rows);
            var taken = Enumerable.Range(0, items.Count).OrderByDescending(item => items.SizeOf(item).LongestRow).ToArray();
            using var step = new UpdateStep(new TrainedModels(model), new SftObjectiveOptions().Build(), items, optimizer, GoldenModel.Options);
            var result = step.Run(losses.Count + 1, taken, GoldenModel.Options.Schedule.Factor(losses.Count, 20));
            losses.Add(result.Loss);
            norms.Add(result.GradNorm);
        }

        return (losses, norms);
    }

    private static SftItems Items(JsonElement rows) => SftItems.Of(
        [.. rows.EnumerateArray().Select(row => Row(row.GetProperty("ids"), row.GetProperty("mask")))], RandomRows.Maker, GoldenModel.Shape.ContextLength, LongRows.Refuse, "golden");

    private static TokenizedRow Row(JsonElement ids, JsonElement mask) => new(
        "row",
        [.. ids.EnumerateArray().Select(id => id.GetInt32())],
        [.. mask.EnumerateArray().Select((isTrained, at) => new TokenSpan(at, 1, 1, isTrained.GetInt32() == 1 ? Author.Policy : Author.Tool, isTrained.GetInt32() == 1))]);
}
