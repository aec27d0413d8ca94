using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class CausalLmTests
{
    private static readonly TransformerOptions Small = new() { VocabularySize = 50, HiddenSize = 32, IntermediateSize = 48, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 8, ContextLength = 64 };

    private static readonly ComputeOptions Exact = new() { Device = DeviceChoice.Cpu, DType = ComputeType.Float64 };

    [Fact]
    public void A_token_does_not_see_the_ones_after_it()
    {
        using var scope = NewDisposeScope();
        using var model = CausalLm.Create(Small, Initialization.Normal, new Seed(1), Exact);

        using var whole = model.Hidden(Rows([3, 1, 4, 1, 5, 9, 2, 6]));
        using var start = model.Hidden(Rows([3, 1, 4, 1, 5]));

        Assert.True(whole[.., ..5].allclose(start, rtol: 0, atol: 1e-12));
    }

    /// <summary>The table of rotary positions begins with 512 and grows; a backward of the short sequence comes after the long forward.</summary>
    [Theory]
    [InlineData(ComputeType.Float64)]
    [InlineData(ComputeType.Float32)]
    public void A_longer_sequence_does_not_disturb_the_one_before(ComputeType type)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLm.Create(Small with { ContextLength = 1300 }, Initialization.Normal, new Seed(1), Exact with { DType = type });
        var ids = Enumerable.Range(0, 1200).Select(at => at * 7L % 50).ToArray();

        var start = model.Hidden(Rows(ids[..500]));
        var whole = model.Hidden(Rows(ids));
        start.sum().backward();

        Assert.True(whole[.., ..500].allclose(start, rtol: 0, atol: 1e-5));
        Assert.Throws<ArgumentException>(() => model.Hidden(Rows([.. ids, .. ids])));
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_and_others_do_not()
    {
        using var first = CausalLm.Create(Small, Initialization.PreviousToken, new Seed(7), Exact);
        using var same = CausalLm.Create(Small, Initialization.PreviousToken, new Seed(7), Exact);
        using var other = CausalLm.Create(Small, Initialization.PreviousToken, new Seed(8), Exact);

        Assert.All(first.Parameters.Zip(same.Parameters), pair => Assert.True(Same(pair.First.Value, pair.Second.Value)));
        Assert.False(Same(first.Parameters[0].Value, other.Parameters[0].Value));
    }

    [Theory]
    [InlineData(ComputeType.Float32)]
    [InlineData(ComputeType.Bfloat16)]
    public void Every_parameter_gets_a_gradient_in_its_own_type(ComputeType type)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLm.Create(Small with { Bias = AttentionBias.Qkvo }, Initialization.Normal, new Seed(1), Exact with { DType = type });

        model.Hidden(Rows([3, 1, 4, 1, 5])).square().sum().backward();

        Assert.All(model.Parameters, parameter =>
        {
            Assert.Equal(ScalarType.Float32, parameter.Value.grad!.dtype);
            Assert.True(parameter.Value.grad.abs().max().item<float>() > 0, parameter.Name);
        });
    }

    private static bool Same(Tensor one, Tensor other) => one.eq(other).all().item<bool>();

    private static SequenceBatch Rows(params long[][] rows)
    {
        var ids = stack([.. rows.Select(row => tensor(row))]);
        return new SequenceBatch(ids, zeros_like(ids), ones_like(ids, dtype: ScalarType.Bool));
    }
}
