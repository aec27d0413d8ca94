using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class DpoTests
{
    private const double ClosedForm = 1e-12;

    // d_w = (-1 - 2) - (-2 - 3) = 2, d_l = -4 - (-1) = -3: D = 5.
    private static ObjectiveInput Input() => Sides.Pair([-1, -2], [-4], [-2, -3], [-1]);

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // z = 0.2 * 5 = 1; -log s(1) = log(1 + e^-1); d loss / d log p = -+ beta s(-z) on the two sides.
    [Fact]
    public void Dpo_is_the_logistic_loss_of_the_difference_in_log_ratio()
    {
        using var scope = NewDisposeScope();
        var options = new DpoOptions { Beta = 0.2 };

        Assert.Equal(Softplus(-1), options.Loss(Input()), ClosedForm);
        Assert.All(options.Gradient(Input(), 0), slope => Assert.Equal(-0.2 * Sigmoid(-1), slope, ClosedForm));
        Assert.All(options.Gradient(Input(), 1), slope => Assert.Equal(0.2 * Sigmoid(-1), slope, ClosedForm));
    }

    // Rewards are beta d: 0.4 and -0.6.
    [Fact]
    public void Dpo_reports_the_implicit_rewards()
    {
        using var scope = NewDisposeScope();
        var metrics = new DpoOptions { Beta = 0.2 }.Build().Compute(Input()).Metrics;

        Assert.Equal(0.4, metrics["rewards/chosen"], ClosedForm);
        Assert.Equal(-0.6, metrics["rewards/rejected"], ClosedForm);
        Assert.Equal(1, metrics["rewards/margins"], ClosedForm);
    }

    // Summed log-probabilities are -3 and -4: what a run reports of pairs whatever its objective is.
    [Fact]
    public void A_run_on_pairs_reports_the_log_probabilities_of_both_sides()
    {
        using var scope = NewDisposeScope();
        var metrics = PairDiagnostics.Of(Input()).ToDictionary(StringComparer.Ordinal);

        Assert.Equal(-3, metrics["logps/chosen"], ClosedForm);
        Assert.Equal(-4, metrics["logps/rejected"], ClosedForm);
        Assert.Equal(1, metrics["logps/accuracies"], ClosedForm);
    }

    // 0.9 log(1 + e^-1) + 0.1 log(1 + e).
    [Fact]
    public void Cdpo_mixes_both_directions() =>
        Assert.Equal((0.9 * Softplus(-1)) + (0.1 * Softplus(1)), new CdpoOptions { Beta = 0.2, LabelSmoothing = 0.1 }.Loss(Input()), ClosedForm);

    // The gradient (1 - e) s(-z) - e s(z) is zero where s(z) = 1 - e: at z = log 9 for e = 0.1. One token a side, beta 1: z = d_w - d_l.
    [Fact]
    public void Cdpo_is_content_at_the_margin_of_its_smoothing()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, new CdpoOptions { Beta = 1, LabelSmoothing = 0.1 }.Gradient(Sides.Pair([-1], [-1 - Math.Log(9)]), 0)[0], ClosedForm);
    }

    // (0.8 log(1 + e^-1) - 0.2 log(1 + e)) / 0.6.
    [Fact]
    public void Rdpo_takes_the_flipped_share_off() =>
        Assert.Equal(((0.8 * Softplus(-1)) - (0.2 * Softplus(1))) / 0.6, new RdpoOptions { Beta = 0.2, LabelSmoothing = 0.2 }.Loss(Input()), ClosedForm);

    // -z (e / (1 - 2 e)) as z grows: at z = 1000 and e = 0.2 the loss is -1000 / 3 and the slope per beta unit -1/3.
    [Fact]
    public void The_gradient_of_Rdpo_does_not_vanish()
    {
        using var scope = NewDisposeScope();
        var options = new RdpoOptions { Beta = 1, LabelSmoothing = 0.2 };

        Assert.Equal(-1000 / 3.0, options.Loss(Sides.Pair([0], [-1000])), 1e-9);
        Assert.Equal(-1 / 3.0, options.Gradient(Sides.Pair([0], [-1000]), 0)[0], ClosedForm);
    }

    // Chosen tokens -1 and -2: their sum 3, their mean 1.5; with one pair in the update, the mean over tokens is the mean over the sequence.
    [Theory]
    [InlineData(NllReduction.Sum, 3, true)]
    [InlineData(NllReduction.Sequence, 1.5, true)]
    [InlineData(NllReduction.Token, 1.5, false)]
    public void Dpo_with_likelihood_adds_the_chosen_sides(NllReduction reduction, double nll, bool isInItems)
    {
        using var scope = NewDisposeScope();
        var result = new DpoNllOptions { Beta = 0.2, Alpha = 2, Nll = reduction }.Build().Compute(Input());

        Assert.Equal(Softplus(-1) + (2 * nll), result.Loss.item<double>(), ClosedForm);
        Assert.Equal(Softplus(-1) + (isInItems ? 2 * nll : 0), result.PerItem.item<double>(), ClosedForm);
        Assert.Equal(nll, result.Metrics["nll_loss"], ClosedForm);
    }

    // Two pairs with 1 and 3 chosen tokens of -2 each: the sums 2 and 6 have the mean 4, the means 2 and 2 the mean 2, all tokens the mean 2.
    // With one token of -2 and three of -4, the sums are 2 and 12 (mean 7), the means 2 and 4 (mean 3), all tokens 14 / 4 = 3.5.
    [Theory]
    [InlineData(NllReduction.Sum, 7)]
    [InlineData(NllReduction.Sequence, 3)]
    [InlineData(NllReduction.Token, 3.5)]
    public void The_reductions_differ_by_what_they_average_over(NllReduction reduction, double nll)
    {
        using var scope = NewDisposeScope();
        var selected = tensor(new[,] { { -2.0, 0, 0 }, { -4, -4, -4 }, { -1, 0, 0 }, { -1, 0, 0 } });
        var mask = tensor(new[,] { { true, false, false }, { true, true, true }, { true, false, false }, { true, false, false } });
        var input = new ObjectiveInput(
            new SequenceBatch(zeros_like(mask), zeros_like(mask), mask), new PairGroups(tensor([0L, 1]), tensor([2L, 3])), new TokenLogProbs(selected), new TokenLogProbs(zeros_like(selected)), new UpdateTotals(2, 4));

        Assert.Equal(nll, new DpoNllOptions { Nll = reduction }.Build().Compute(input).Metrics["nll_loss"], ClosedForm);
    }
}
