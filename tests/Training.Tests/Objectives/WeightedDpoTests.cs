using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class WeightedDpoTests
{
    private const double ClosedForm = 1e-12;

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    // Means -1.5 and -3: z = 2 * 1.5 = 3.
    [Fact]
    public void Length_normalised_compares_means() =>
        Assert.Equal(Softplus(-3), new DpoLengthNormalisedOptions { Beta = 2 }.Loss(Sides.Pair([-1, -2], [-3])), ClosedForm);

    // Both have two tokens: -1 - 2 = -3 against -4 - 5 = -9; the rejected side's third counts a quarter: -9 - 8/4 = -11; D = 8.
    [Fact]
    public void Ld_lets_the_tail_beyond_the_common_length_count_less() =>
        Assert.Equal(Softplus(-0.8), new LdDpoOptions { Beta = 0.1, Alpha = 0.25 }.Loss(Sides.Pair([-1, -2], [-4, -5, -8])), ClosedForm);

    // The tail of the chosen side: -1 - 2/2 - 6/2 = -5 against -4; the public length is 1.
    [Fact]
    public void Ld_treats_the_tails_of_both_sides_alike()
    {
        using var scope = NewDisposeScope();
        var options = new LdDpoOptions { Beta = 1, Alpha = 0.5 };
        var gradient = options.Gradient(Sides.Pair([-1, -2, -6], [-4]), 0);

        Assert.Equal(Softplus(1), options.Loss(Sides.Pair([-1, -2, -6], [-4])), ClosedForm);
        Assert.Equal(gradient[0] / 2, gradient[2], ClosedForm);
    }

    // The first token is shared and out of both sums: -2 against -3 - 1.
    [Fact]
    public void Step_dpo_begins_where_the_sides_part()
    {
        using var scope = NewDisposeScope();
        var options = new StepDpoOptions { Beta = 0.5 };
        var input = Sides.Pair([-7, -2], [-7, -3, -1], scoredFrom: 1);

        Assert.Equal(Softplus(-1), options.Loss(input), ClosedForm);
        Assert.Equal(0, options.Gradient(input, 0)[0]);
        Assert.Equal(0, options.Gradient(input, 1)[0]);
    }

    // 3 * -1 + 1 * -2 = -5 against 2 * -4 = -8; weights are not normalised.
    [Fact]
    public void Token_weights_multiply_the_log_ratios() =>
        Assert.Equal(Softplus(-0.3), new TokenWeightedDpoOptions { Beta = 0.1 }.Loss(Sides.Pair([-1, -2], [-4], weights: [[3, 1], [2]])), ClosedForm);

    [Fact]
    public void A_batch_without_what_the_weights_need_is_refused()
    {
        using var scope = NewDisposeScope();
        var bare = Sides.Pair([-1], [-2]);
        bare = bare with { Batch = bare.Batch with { ScoredFrom = null } };

        Assert.Contains("where its pairs part", Assert.Throws<ArgumentException>(() => new StepDpoOptions().Loss(bare)).Message, StringComparison.Ordinal);
        Assert.Contains("no token weights", Assert.Throws<ArgumentException>(() => new TokenWeightedDpoOptions().Loss(bare)).Message, StringComparison.Ordinal);
    }
}
