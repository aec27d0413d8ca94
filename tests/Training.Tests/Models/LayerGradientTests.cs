using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Autograd against central differences in double precision, along a random direction for each parameter by itself.</summary>
public sealed class LayerGradientTests
{
    private const double Nudge = 1e-6;

    /// <summary>The truncation of a central difference is of the order of the nudge squared, its rounding 1e-16 over the nudge; both on values of a few tens.</summary>
    private const double Tolerance = 1e-7;

    [Theory]
    [InlineData(true, AttentionBias.None, true, 1)]
    [InlineData(true, AttentionBias.Qkvo, false, 2)]
    [InlineData(false, AttentionBias.Qkv, true, 2)]
    [InlineData(false, AttentionBias.Qkvo, false, 4)]
    public void The_gradient_of_every_parameter_agrees_with_differences(bool norm, AttentionBias bias, bool tied, int keyHeads)
    {
        using var scope = NewDisposeScope();
        var options = new TransformerOptions
        {
            VocabularySize = 11, HiddenSize = 8, IntermediateSize = 6, Layers = 2, Heads = 4, KeyValueHeads = keyHeads, HeadSize = 4, ContextLength = 16,
            QueryKeyNorm = norm, Bias = bias, TiedEmbeddings = tied,
        };
        using var model = CausalLm.Create(options, Initialization.PreviousToken, new Seed(2), new ComputeOptions { Device = DeviceChoice.Cpu, DType = ComputeType.Float64 });
        using var noise = new Generator(3, CPU);
        var ids = randint(11, [2, 7], dtype: ScalarType.Int64, generator: noise);
        using var batch = new SequenceBatch(ids, ids.roll(-1, 1), ones_like(ids, dtype: ScalarType.Bool)) { LeftPadding = tensor(new long[] { 0, 3 }) };
        Tensor Loss() => model.Score(batch).Selected.square().sum();

        Loss().backward();

        foreach (var (name, value) in model.Parameters)
        {
            using var constant = no_grad();
            var direction = randn(value.shape, dtype: ScalarType.Float64, generator: noise);
            double At(double nudge)
            {
                using var step = NewDisposeScope();
                value.add_(direction, alpha: nudge);
                var loss = Loss().item<double>();
                value.add_(direction, alpha: -nudge);
                return loss;
            }

            var slope = (value.grad! * direction).sum().item<double>();
            var difference = (At(Nudge) - At(-Nudge)) / (2 * Nudge);
            Assert.True(Math.Abs(slope - difference) < Tolerance * Math.Max(1, Math.Abs(slope)), $"{name}: {slope} by autograd, {difference} by differences");
        }
    }

    [Theory]
    [InlineData(ComputeType.Float32)]
    [InlineData(ComputeType.Bfloat16)]
    [InlineData(ComputeType.Float64)]
    public void Forward_and_backward_leave_no_tensor_behind(ComputeType type)
    {
        var options = new TransformerOptions { VocabularySize = 11, HiddenSize = 8, IntermediateSize = 6, Layers = 2, Heads = 2, KeyValueHeads = 1, HeadSize = 4, ContextLength = 16 };
        using var model = CausalLm.Create(options, Initialization.Normal, new Seed(2), new ComputeOptions { Device = DeviceChoice.Cpu, DType = type });
        using var ids = ones(2, 7, dtype: ScalarType.Int64);
        void Once()
        {
            using var scope = NewDisposeScope();
            using var batch = new SequenceBatch(ids.alias(), ids.alias(), ones_like(ids, dtype: ScalarType.Bool)) { LeftPadding = tensor(new long[] { 0, 3 }) };
            model.Score(batch, Needs.Entropy).Selected.sum().backward();
        }

        Once();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var round = 0; round < 20; round++)
        {
            Once();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }
}
