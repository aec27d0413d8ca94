using System.Text.Json;
using Agentic.Retrieval;
using Agentic.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>The model, the schedule and the comparison that the golden curves share; their numbers were made by the scripts in Golden.</summary>
internal static class GoldenModel
{
    private const double Tolerance = 1e-6;

    public static readonly TransformerOptions Shape = new()
    {
        VocabularySize = 61, HiddenSize = 24, IntermediateSize = 40, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 6, ContextLength = 32, RopeBase = 10_000, NormEpsilon = 1e-5,
    };

    // Rise over 4 updates, fall over the last 8.
    public static readonly TrainerOptions Options = new() { MicroBatchTokens = 60, MaxGradNorm = 2, Schedule = new ScheduleOptions { WarmupShare = 0.2, DecayShare = 0.4 } };

    public static JsonElement Curve(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Training.Tests", "Golden", file))).RootElement;

    /// <summary>The scripts' weights: a mixing of whole numbers, exact in any language.</summary>
    public static CausalLm Create()
    {
        var model = CausalLm.Create(Shape, Initialization.Normal, new Seed(0), new ComputeOptions { Device = DeviceChoice.Cpu, DType = ComputeType.Float64 });
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var index = 0; index < model.Parameters.Count; index++)
        {
            var value = model.Parameters[index].Value;
            var noise = tensor(Enumerable.Range(0, (int)value.numel()).Select(at => Noise(index, at)).ToArray()).reshape(value.shape);
            value.copy_(value.dim() == 1 ? 1 + (0.2 * noise) : 2 * noise / Math.Sqrt(value.shape[1]));
        }

        return model;
    }

    public static void AssertClose(JsonElement expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Count);
        double[] residuals = [.. expected.EnumerateArray().Zip(actual, (value, other) => other - value.GetDouble())];
        Assert.All(residuals, residual => Assert.InRange(residual, -Tolerance, Tolerance));

        // Rounding has no direction: a mean far from zero, against the single residuals, would be a small mistake in one direction.
        Assert.InRange(residuals.Average(), -Tolerance / 100, Tolerance / 100);
    }

    private static double Noise(int parameter, int at)
    {
        var x = (uint)(at + 1 + (7919 * (parameter + 1)));
        x = (x ^ (x >> 16)) * 0x7feb352d;
        x = (x ^ (x >> 16)) * 0x846ca68b;
        return ((x ^ (x >> 16)) / 4294967296.0) - 0.5;
    }
}
