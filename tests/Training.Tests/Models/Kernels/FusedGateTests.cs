using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class FusedGateTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(300, 48)]
    public void Output_and_gradient_equal_the_formula(int rows, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var joined = (randn([rows, 2 * width], generator: generator) * 4).detach().requires_grad_();
        var outer = randn([rows, width], generator: generator);
        var output = FusedGate.Apply(joined);
        output.backward([outer]);

        var exact = joined.detach().to(ScalarType.Float64).requires_grad_();
        var halves = exact.chunk(2, -1);
        var expected = halves[0] * halves[0].sigmoid() * halves[1];
        expected.backward([outer.to(ScalarType.Float64)]);

        Assert.True(output.to(ScalarType.Float64).allclose(expected, 1e-5, 1e-6));
        Assert.True(joined.grad!.to(ScalarType.Float64).allclose(exact.grad!, 1e-5, 1e-6));
    }

    [Fact]
    public void Gates_far_from_zero_are_open_or_shut()
    {
        using var scope = NewDisposeScope();
        // silu(-1000) = -0, silu(1000) = 1000, silu(0) = 0
        var output = FusedGate.Apply(tensor(new float[] { -1000, 1000, 0, 2, 2, 2 }).unsqueeze(0)).data<float>().ToArray();
        Assert.Equal([0f, 2000f, 0f], output.Select(value => MathF.Round(value, 6) + 0f));
    }
}
