using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>The managed kernels between the products against the plain form, which double precision takes.</summary>
public sealed class FusedBlocksTests
{
    private static readonly TransformerOptions Shape = new()
    {
        VocabularySize = 40, HiddenSize = 24, IntermediateSize = 36, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 8, ContextLength = 64,
    };

    [Theory]
    [InlineData(true, AttentionBias.None, null)]
    [InlineData(false, AttentionBias.Qkv, null)]
    [InlineData(true, AttentionBias.Qkvo, null)]
    [InlineData(true, AttentionBias.None, new[] { 0L, 4L, 11L })]
    public void Hidden_states_and_every_gradient_equal_those_of_the_plain_form(bool headNorms, AttentionBias bias, long[]? padding)
    {
        using var scope = NewDisposeScope();
        var options = Shape with { QueryKeyNorm = headNorms, Bias = bias };
        using var fused = CausalLm.Create(options, Initialization.PreviousToken, new Seed(3), Compute(ComputeType.Float32));
        using var plain = CausalLm.Create(options, Initialization.PreviousToken, new Seed(3), Compute(ComputeType.Float64));

        var (hidden, expected) = (Run(fused, padding), Run(plain, padding));

        Assert.Equal(ScalarType.Float32, hidden.dtype);
        Assert.True(Difference(hidden, expected) < 1e-5);
        Assert.All(fused.Parameters.Zip(plain.Parameters), pair => Assert.True(Difference(pair.First.Value.grad!, pair.Second.Value.grad!) < 1e-4, pair.First.Name));
    }

    [Fact]
    public void In_bfloat16_they_stay_near()
    {
        using var scope = NewDisposeScope();
        using var half = CausalLm.Create(Shape, Initialization.Normal, new Seed(3), Compute(ComputeType.Bfloat16));
        using var plain = CausalLm.Create(Shape, Initialization.Normal, new Seed(3), Compute(ComputeType.Float64));

        Assert.True(Difference(Run(half, null), Run(plain, null)) < 0.02);
        Assert.All(half.Parameters.Zip(plain.Parameters), pair => Assert.True(Difference(pair.First.Value.grad!, pair.Second.Value.grad!) < 0.05, pair.First.Name));
    }

    [Fact]
    public void No_tensor_outlives_a_forward_and_a_backward()
    {
        using var scope = NewDisposeScope();
        using var model = CausalLm.Create(Shape, Initialization.Normal, new Seed(3), Compute(ComputeType.Bfloat16));
        Once();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Once();
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);

        void Once()
        {
            using var inner = NewDisposeScope();
            Run(model, null);
            foreach (var (_, value) in model.Parameters)
            {
                value.grad = null;
            }
        }
    }

    // Padded positions carry no gradient of their own: their hidden states are left out of the loss.
    private static Tensor Run(CausalLm model, long[]? padding)
    {
        using var generator = new Generator(5);
        var ids = randint(0, Shape.VocabularySize, [3, 20], dtype: ScalarType.Int64, generator: generator);
        using var batch = new SequenceBatch(ids, zeros_like(ids), ones_like(ids, dtype: ScalarType.Bool)) { LeftPadding = padding is null ? null : tensor(padding) };
        var real = arange(20).unsqueeze(0) >= tensor(padding ?? new long[3]).unsqueeze(1);
        var hidden = model.Hidden(batch) * real.unsqueeze(-1);
        (hidden * arange(1, 1 + hidden.numel(), ScalarType.Float64).sin().view(hidden.shape).to(hidden.dtype)).sum().backward();
        return hidden.detach();
    }

    private static double Difference(Tensor actual, Tensor expected) =>
        ((actual.to(ScalarType.Float64) - expected).norm() / (expected.norm() + 1e-6)).item<double>();

    private static ComputeOptions Compute(ComputeType type) => new() { Device = DeviceChoice.Cpu, DType = type };
}
