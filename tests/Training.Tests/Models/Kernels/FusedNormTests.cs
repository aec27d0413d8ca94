using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class FusedNormTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(7, 16)]
    [InlineData(600, 33)] // three tasks, the last one not full
    public void Sum_norm_and_gradients_equal_the_formula(int rows, int width)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(rows, width, ScalarType.Float32);
        var (normed, stream) = FusedNorm.Apply(inputs[0], inputs[1], inputs[2], 1e-5, ScalarType.Float32);
        Loss(normed, stream).backward();

        var exact = inputs.Select(input => input.detach().to(ScalarType.Float64).requires_grad_()).ToArray();
        var sum = exact[0] + exact[1];
        var expected = sum * (sum.square().mean([-1L], keepdim: true) + 1e-5).rsqrt() * exact[2];
        Loss(expected, sum).backward();

        Assert.True(normed.to(ScalarType.Float64).allclose(expected, 1e-5, 1e-6));
        Assert.True(stream.to(ScalarType.Float64).allclose(sum, 1e-6, 1e-6));
        Assert.All(inputs.Zip(exact), pair => Assert.True(pair.First.grad!.to(ScalarType.Float64).allclose(pair.Second.grad!, 1e-4, 1e-4)));
    }

    [Fact]
    public void Without_an_update_the_stream_is_passed_on_with_its_gradient()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(4, 8, ScalarType.Float32);
        var (normed, stream) = FusedNorm.Apply(inputs[0], null, inputs[2], 1e-5, ScalarType.BFloat16);
        (normed.to(ScalarType.Float32).sum() * 0 + stream.sum()).backward();

        Assert.Equal(ScalarType.BFloat16, normed.dtype);
        Assert.True(stream.equal(inputs[0]).all().item<bool>());
        Assert.True(inputs[0].grad!.allclose(ones(4, 8)));
    }

    [Fact]
    public void An_update_in_bfloat16_gets_its_gradient_in_bfloat16()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(4, 8, ScalarType.BFloat16);
        var (normed, stream) = FusedNorm.Apply(inputs[0], inputs[1], inputs[2], 1e-5, ScalarType.BFloat16);
        (normed.to(ScalarType.Float32).sum() + stream.sum()).backward();

        Assert.Equal(ScalarType.BFloat16, inputs[1].grad!.dtype);
        Assert.True(inputs[1].grad!.to(ScalarType.Float32).allclose(inputs[0].grad!, 1e-2, 1e-2));
    }

    private static Tensor Loss(Tensor normed, Tensor stream)
    {
        var wave = arange(1, 1 + normed.numel(), ScalarType.Float64).sin().view(normed.shape).to(normed.dtype);
        return (normed * wave).sum() + (stream * wave.flip(0)).sum();
    }

    private static Tensor[] Inputs(int rows, int width, ScalarType update)
    {
        using var generator = new Generator(4);
        return
        [
            randn([rows, width], generator: generator).requires_grad_(),
            randn([rows, width], generator: generator).to(update).requires_grad_(),
            randn([width], generator: generator).requires_grad_(),
        ];
    }
}
