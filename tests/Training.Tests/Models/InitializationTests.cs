using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class InitializationTests
{
    private static readonly ComputeOptions Exact = new() { Device = DeviceChoice.Cpu, DType = ComputeType.Float64 };

    [Theory]
    [InlineData(true, 4)]
    [InlineData(true, 2)]
    [InlineData(true, 1)]
    [InlineData(false, 4)]
    [InlineData(false, 2)]
    public void Half_of_the_heads_of_the_first_block_look_at_the_token_before(bool norm, int keyHeads)
    {
        using var scope = NewDisposeScope();
        var options = new TransformerOptions { VocabularySize = 200, KeyValueHeads = keyHeads, QueryKeyNorm = norm };
        using var model = CausalLm.Create(options, Initialization.PreviousToken, new Seed(4), Exact);
        using var noise = new Generator(9, CPU);

        var weight_ALL = FirstAttention(model, randint(200, [60], dtype: ScalarType.Int64, generator: noise));

        for (var head = 0; head < options.Heads; head++)
        {
            var previous = Enumerable.Range(1, 59).Average(at => weight_ALL[head, at, at - 1].item<double>());
            Assert.True(head < options.Heads / 2 ? previous > 0.45 : previous < 0.3, $"head {head}: {previous}");
        }
    }

    /// <summary>The standard deviation of n draws is known to sigma / sqrt(2 n): five of those.</summary>
    [Fact]
    public void Matrices_start_with_one_third_of_the_variance_that_keeps_a_unit_input_unit()
    {
        using var scope = NewDisposeScope();
        using var model = CausalLm.Create(new TransformerOptions(), Initialization.Normal, new Seed(4), Exact);
        foreach (var (name, value) in model.Parameters)
        {
            if (value.dim() == 2)
            {
                var expected = 1 / Math.Sqrt(3.0 * value.shape[1]);
                Assert.Equal(expected, value.std().item<double>(), 5 * expected / Math.Sqrt(2.0 * value.numel()));
            }
            else
            {
                Assert.True(value.eq(1).all().item<bool>(), name);
            }
        }
    }

    /// <summary>Softmax of queries and keys of block 0, [A, L, L], by the formulas.</summary>
    private static Tensor FirstAttention(CausalLm model, Tensor ids_L)
    {
        var (options, block) = (model.Options, model.Weights.Blocks[0]);
        var length = ids_L.shape[0];
        using var rotary = new RotaryTable(options, CPU, ScalarType.Float64);
        var at = rotary.For(length, null);
        var normed_LH = RmsNorm.Apply(model.Weights.Embedding[ids_L], block.InputNorm, options.NormEpsilon);
        Tensor Heads(LinearWeights weights, Tensor? gain)
        {
            var heads_1LAD = normed_LH.matmul(weights.Matrix.t()).view(1, length, -1, options.HeadSize);
            return RotaryTable.Turn(gain is null ? heads_1LAD : RmsNorm.Apply(heads_1LAD, gain, options.NormEpsilon), at)[0].transpose(0, 1);
        }

        var keys_ALD = Heads(block.Key, block.KeyNorm).repeat_interleave(options.Heads / options.KeyValueHeads, 0);
        var scores_ALL = Heads(block.Query, block.QueryNorm).matmul(keys_ALD.transpose(1, 2)) / Math.Sqrt(options.HeadSize);
        return scores_ALL.masked_fill(ones(length, length, dtype: ScalarType.Bool).triu(1), double.NegativeInfinity).softmax(-1);
    }
}
