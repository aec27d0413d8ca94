using System.Text.Json;
using Agentic.Agent;
using Agentic.Retrieval;
using Agentic.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Twenty updates against an independent implementation in PyTorch: Golden/sft_curve.py made the numbers.</summary>
public sealed class GoldenCurveTests
{
    private const double Tolerance = 1e-6;

    private static readonly TransformerOptions Shape = new()
    {
        VocabularySize = 61, HiddenSize = 24, IntermediateSize = 40, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 6, ContextLength = 32, RopeBase = 10_000, NormEpsilon = 1e-5,
    };

    // Rise over 4 updates, fall over the last 8.
    private static readonly TrainerOptions Options = new() { MicroBatchTokens = 60, MaxGradNorm = 2, Schedule = new ScheduleOptions { WarmupShare = 0.2, DecayShare = 0.4 } };

    private static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Training.Tests", "Golden", "sft_curve.json"))).RootElement;

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

        var lossResidual = Residual(expected.GetProperty("loss"), losses);
        var normResidual = Residual(expected.GetProperty("grad_norm"), norms);
        Assert.All(lossResidual.Concat(normResidual), residual => Assert.InRange(residual, -Tolerance, Tolerance));

        // Rounding has no direction: a mean far from zero, against the single residuals, would be a small mistake in one direction.
        Assert.InRange(lossResidual.Average(), -Tolerance / 100, Tolerance / 100);
        Assert.InRange(normResidual.Average(), -Tolerance / 100, Tolerance / 100);
    }

    private static (List<double> Losses, List<double> Norms) Train(OptimizerOptions optimizerOptions)
    {
        using var model = CausalLm.Create(Shape, Initialization.Normal, new Seed(0), new ComputeOptions { Device = DeviceChoice.Cpu, DType = ComputeType.Float64 });
        SetWeights(model);
        using var optimizer = optimizerOptions.Build(model.Parameters, ScalarType.Float64);
        var (losses, norms) = (new List<double>(), new List<double>());
        foreach (var rows in Golden.GetProperty("updates").EnumerateArray())
        {
            var items = Items(rows);
            var taken = Enumerable.Range(0, items.Count).OrderByDescending(item => items.SizeOf(item).LongestRow).ToArray();
            using var step = new UpdateStep(new TrainedModels(model), new SftObjectiveOptions().Build(), items, optimizer, Options);
            var result = step.Run(losses.Count + 1, taken, Options.Schedule.Factor(losses.Count, 20));
            losses.Add(result.Loss);
            norms.Add(result.GradNorm);
        }

        return (losses, norms);
    }

    /// <summary>The script's numbers: a mixing of whole numbers, exact in any language.</summary>
    private static void SetWeights(CausalLm model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var index = 0; index < model.Parameters.Count; index++)
        {
            var value = model.Parameters[index].Value;
            var noise = tensor(Enumerable.Range(0, (int)value.numel()).Select(at => Noise(index, at)).ToArray()).reshape(value.shape);
            value.copy_(value.dim() == 1 ? 1 + (0.2 * noise) : 2 * noise / Math.Sqrt(value.shape[1]));
        }
    }

    private static double Noise(int parameter, int at)
    {
        var x = (uint)(at + 1 + (7919 * (parameter + 1)));
        x = (x ^ (x >> 16)) * 0x7feb352d;
        x = (x ^ (x >> 16)) * 0x846ca68b;
        return ((x ^ (x >> 16)) / 4294967296.0) - 0.5;
    }

    private static SftItems Items(JsonElement rows) => SftItems.Of(
        [.. rows.EnumerateArray().Select(row => Row(row.GetProperty("ids"), row.GetProperty("mask")))], RandomRows.Maker, Shape.ContextLength, LongRows.Refuse, "golden");

    private static TokenizedRow Row(JsonElement ids, JsonElement mask) => new(
        "row",
        [.. ids.EnumerateArray().Select(id => id.GetInt32())],
        [.. mask.EnumerateArray().Select((isTrained, at) => new TokenSpan(at, 1, 1, isTrained.GetInt32() == 1 ? Author.Policy : Author.Tool, isTrained.GetInt32() == 1))]);

    private static List<double> Residual(JsonElement expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Count);
        return [.. expected.EnumerateArray().Zip(actual, (value, other) => other - value.GetDouble())];
    }
}
