using System.Text.Json;
using Agentic.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Random checkpoints over the grid of options against an independent program in double precision (Golden/reference_model.py, which also wrote the files).</summary>
public sealed class ReferenceModelTests
{
    private static readonly string Root = Path.Combine(Repository.Root, "tests", "Training.Tests", "Golden", "checkpoints");

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_are_those_of_the_reference(string name)
    {
        Compare(name, ComputeType.Float64, leftPadding: 0, tolerance: 1e-11);
        Compare(name, ComputeType.Float32, leftPadding: 0, tolerance: 1e-4);
        Compare(name, ComputeType.Float64, leftPadding: 5, tolerance: 1e-11);
        Compare(name, ComputeType.Float32, leftPadding: 5, tolerance: 1e-4);
    }

    /// <summary>A bfloat16 is off by 2^-9 = 0.2 % on average; seven products a block, in up to three blocks, add such errors at random.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_in_bfloat16_are_near_those_of_the_reference(string name)
    {
        var (expected, actual) = Scores(name, ComputeType.Bfloat16, leftPadding: 0);

        var error = expected.Zip(actual, (one, other) => (one - other) * (one - other)).Sum();
        Assert.InRange(Math.Sqrt(error / expected.Sum(score => score * score)), 0, 0.03);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_in_single_precision_are_those_in_double(string name)
    {
        var exact = Gradients(name, ComputeType.Float64);
        var single = Gradients(name, ComputeType.Float32);

        foreach (var (parameter, expected) in exact)
        {
            var scale = expected.Max(Math.Abs);
            Assert.All(expected.Zip(single[parameter]), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Max(1, scale)));
        }
    }

    private static void Compare(string name, ComputeType type, int leftPadding, double tolerance)
    {
        var (expected, actual) = Scores(name, type, leftPadding);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static (double[] Expected, double[] Actual) Scores(string name, ComputeType type, int leftPadding)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = CausalLm.Load(Path.Combine(Root, name), new ComputeOptions { Device = DeviceChoice.Cpu, DType = type });
        var (ids, logits) = Expected(name);
        using var batch = Batch(ids, leftPadding);
        var actual = model.Hidden(batch).matmul(model.Head.t());
        var rows = ids.Select((row, index) => actual[index, (leftPadding * index)..((leftPadding * index) + row.Length)].to(ScalarType.Float64).flatten().data<double>().ToArray());
        return ([.. logits.SelectMany(row => row.SelectMany(scores => scores))], [.. rows.SelectMany(scores => scores)]);
    }

    private static Dictionary<string, double[]> Gradients(string name, ComputeType type)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLm.Load(Path.Combine(Root, name), new ComputeOptions { Device = DeviceChoice.Cpu, DType = type });
        using var batch = Batch(Expected(name).Ids, leftPadding: 3);
        model.Score(batch).Selected.sum().backward();
        return model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.grad!.to(ScalarType.Float64).data<double>().ToArray());
    }

    /// <summary>Row r begins r times the padding late; the targets are the tokens after.</summary>
    private static SequenceBatch Batch(long[][] ids, int leftPadding)
    {
        var width = ids.Max(row => row.Length) + (leftPadding * (ids.Length - 1));
        var inputs = zeros([ids.Length, width], dtype: ScalarType.Int64);
        var mask = zeros([ids.Length, width], dtype: ScalarType.Bool);
        for (var row = 0; row < ids.Length; row++)
        {
            var (start, end) = (leftPadding * row, (leftPadding * row) + ids[row].Length);
            inputs[row, start..end] = tensor(ids[row]);
            mask[row, start..(end - 1)] = true;
        }

        return new SequenceBatch(inputs, inputs.roll(-1, 1), mask)
        {
            LeftPadding = leftPadding == 0 ? null : tensor(Enumerable.Range(0, ids.Length).Select(row => (long)row * leftPadding).ToArray()),
        };
    }

    private static (long[][] Ids, double[][][] Logits) Expected(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, name, "expected.json")));
        return (document.RootElement.GetProperty("ids").Deserialize<long[][]>()!, document.RootElement.GetProperty("logits").Deserialize<double[][][]>()!);
    }
}
