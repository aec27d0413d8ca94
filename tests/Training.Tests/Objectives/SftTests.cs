using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class SftTests
{
    private static readonly bool[,] Mask = { { false, true, true }, { true, false, false } };

    // Trained are -2, -3 and -1: their sum -6, divided by the three tokens of the update.
    [Fact]
    public void Loss_is_the_mean_over_the_trained_tokens_of_the_update()
    {
        using var scope = NewDisposeScope();
        var result = Compute(tensor(new[,] { { -9.0, -2.0, -3.0 }, { -1.0, -9.0, -9.0 } }), tokens: 3);

        Assert.Equal(2.0, result.Loss.item<double>(), 12);
        Assert.Equal([2.5, 1.0], result.PerItem.data<double>().ToArray());
    }

    // Half of an update's tokens in this micro-batch: its share is half of its own mean.
    [Fact]
    public void A_micro_batch_gives_its_share_of_the_update() =>
        Assert.Equal(1.0, Compute(tensor(new[,] { { -9.0, -2.0, -3.0 }, { -1.0, -9.0, -9.0 } }), tokens: 6).Loss.item<double>(), 12);

    // d loss / d log p is -1/3 where trained and exactly 0 elsewhere, whatever stands there.
    [Fact]
    public void Gradient_is_minus_one_over_the_count_where_trained_and_zero_elsewhere()
    {
        using var scope = NewDisposeScope();
        var logProbs = tensor(new[,] { { double.NaN, -2.0, -3.0 }, { -1.0, double.NegativeInfinity, -9.0 } }).requires_grad_();

        Compute(logProbs, tokens: 3).Loss.backward();

        Assert.Equal([0, -1 / 3.0, -1 / 3.0, -1 / 3.0, 0, 0], logProbs.grad!.data<double>().ToArray());
    }

    private static ObjectiveResult Compute(Tensor logProbs, long tokens)
    {
        var ids = zeros([2, 3], ScalarType.Int64);
        var input = new ObjectiveInput(new SequenceBatch(ids, ids, tensor(Mask)), new SequenceGroups(2), new TokenLogProbs(logProbs), null, new UpdateTotals(2, tokens));
        return new SftObjectiveOptions().Build().Compute(input);
    }
}
