using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class KtoTests
{
    private const double ClosedForm = 1e-12;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // kl 1. Wanted, d = 3: 1 - s(0.5 * 2) = s(-1); unwanted, d = -1: 1.3 (1 - s(0.5 * 2)) = 1.3 s(-1); their mean.
    [Fact]
    public void Samples_are_held_against_the_reference_point()
    {
        using var scope = NewDisposeScope();
        var options = new KtoOptions { Beta = 0.5, UndesirableWeight = 1.3 };
        var result = options.Build().Compute(Sides.Samples(1, (3, true), (-1, false)));

        Assert.Equal(1.15 * Sigmoid(-1), result.Loss.item<double>(), ClosedForm);
        Assert.Equal(1, result.Metrics["kl"], ClosedForm);
        Assert.Equal(1, result.Metrics["rewards/accuracies"]);
    }

    // A reference point below 0 counts as 0: 1 - s(beta d) and 1 - s(-beta d), the unpaired form of APO-zero.
    [Fact]
    public void A_reference_point_below_zero_counts_as_zero()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(((1 - Sigmoid(2)) + (1 - Sigmoid(-3))) / 2, new KtoOptions { Beta = 1 }.Loss(Sides.Samples(-0.3, (2, true), (3, false))), ClosedForm);
    }

    // beta s(x) s(-x) / items, x = d - kl = 0: 1/8 up for the wanted, down for the other.
    [Fact]
    public void Gradient_is_largest_at_the_reference_point()
    {
        using var scope = NewDisposeScope();
        var options = new KtoOptions { Beta = 1 };

        Assert.Equal(-0.125, options.Gradient(Sides.Samples(2, (2, true), (2, false)), 0)[0], ClosedForm);
        Assert.Equal(0.125, options.Gradient(Sides.Samples(2, (2, true), (2, false)), 1)[0], ClosedForm);
        Assert.Equal(0, options.Gradient(Sides.Samples(2, (200, true), (2, false)), 0)[0], ClosedForm);
    }

    // Log-ratios 1, 2 and 6 of an update of three.
    [Fact]
    public void The_reference_point_is_the_mean_log_ratio_of_the_update()
    {
        using var scope = NewDisposeScope();
        var input = Sides.Samples(0, (1, true), (2, true), (6, true)) with { Groups = new SequenceGroups(3) };

        Assert.Equal(3, ((IUpdateStatistics)new KtoOptions().Build()).Measure(input)["kl"], ClosedForm);
    }
}
