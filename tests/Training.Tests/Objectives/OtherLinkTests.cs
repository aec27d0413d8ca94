using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>IPO, hinge, BCO on pairs, SimPO and ORPO.</summary>
public sealed class OtherLinkTests
{
    private const double ClosedForm = 1e-12;

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    // 1 / (2 * 0.25) = 2. Means -1 and -4: (3 - 2)^2 = 1. Sums -2 and -4: (2 - 2)^2 = 0, which no gradient leaves.
    [Fact]
    public void Ipo_aims_at_a_margin_of_means_or_of_sums()
    {
        using var scope = NewDisposeScope();
        var input = Sides.Pair([-1, -1], [-4]);
        var sums = new IpoOptions { Beta = 0.25, Normalise = ScoreNormalisation.None };

        Assert.Equal(1, new IpoOptions { Beta = 0.25 }.Loss(input), ClosedForm);
        Assert.Equal(0, sums.Loss(input), ClosedForm);
        Assert.Equal([0, 0], sums.Gradient(input, 0));
    }

    // 2 (m - 2) / n: at m = 3 and n = 2 it is +1 on the chosen side: overshot, it pulls back.
    [Fact]
    public void Ipo_pulls_back_when_overshot()
    {
        using var scope = NewDisposeScope();

        Assert.Equal([1, 1], new IpoOptions { Beta = 0.25 }.Gradient(Sides.Pair([-1, -1], [-4]), 0));
    }

    // z = 0.5 * 1: 1 - 0.5 = 0.5, slope -0.5; with z = 0.5 * 3 the pair is separated and silent.
    [Fact]
    public void Hinge_is_silent_past_its_margin()
    {
        using var scope = NewDisposeScope();
        var options = new HingeOptions { Beta = 0.5 };

        Assert.Equal(0.5, options.Loss(Sides.Pair([-1], [-2])), ClosedForm);
        Assert.Equal([-0.5], options.Gradient(Sides.Pair([-1], [-2]), 0));
        Assert.Equal(0, options.Loss(Sides.Pair([-1], [-4])));
        Assert.Equal([0], options.Gradient(Sides.Pair([-1], [-4]), 0));
    }

    // d_w = 1, d_l = -2, beta 0.5: log(1 + e^-0.5) + log(1 + e^-1).
    [Fact]
    public void Bco_classifies_each_side_by_itself() =>
        Assert.Equal(Softplus(-0.5) + Softplus(-1), new BcoPairOptions { Beta = 0.5 }.Loss(Sides.Pair([-1], [-3], [-2], [-1])), ClosedForm);

    // Means -1.5 and -3, whatever the reference says: 2 * 1.5 - 1 = 2.
    [Fact]
    public void Simpo_compares_means_without_a_reference_less_a_margin()
    {
        var input = Sides.Pair([-1, -2], [-3], [-9, -9], [-8]);

        Assert.Equal(Softplus(-2), new SimpoOptions { Beta = 2, Gamma = 1 }.Loss(input), ClosedForm);
        Assert.Equal((0.8 * Softplus(-2)) + (0.2 * Softplus(2)), new SimpoOptions { Beta = 2, Gamma = 1, LabelSmoothing = 0.2 }.Loss(input), ClosedForm);
        Assert.Equal(Needs.None, new SimpoOptions().Build().Needs);
    }

    // Probabilities 1/2 and 1/4 a token: odds 1 and 1/3, log-odds 0 and -log 3; -log s(log 3) = log(4/3). The likelihood adds log 2.
    [Fact]
    public void Orpo_is_likelihood_and_the_ratio_of_odds()
    {
        var input = Sides.Pair([-Math.Log(2), -Math.Log(2)], [-Math.Log(4)]);

        Assert.Equal(Math.Log(2) + (0.5 * Math.Log(4 / 3.0)), new OrpoOptions { Lambda = 0.5 }.Loss(input), ClosedForm);
        Assert.Equal(0.5 * Math.Log(4 / 3.0), new OrpoOptions { Lambda = 0.5, Nll = NllReduction.Token }.Build().Compute(input).PerItem.item<double>(), ClosedForm);
    }

    // 1 - e^x = 1e-10 to first order: log-odds log(1e10) - 0; against even odds (0): -log s(-log 1e10) = log(1 + 1e10). And the slope of the
    // rejected side: lambda s(o_l) / (1 - e^x) = lambda 1e10.
    [Fact]
    public void Orpo_bears_a_side_that_is_almost_certain()
    {
        using var scope = NewDisposeScope();
        var options = new OrpoOptions { Lambda = 1 };
        ObjectiveInput Input() => Sides.Pair([-Math.Log(2)], [-1e-10]);

        Assert.Equal(Math.Log(2) + Math.Log(1 + 1e10), options.Loss(Input()), 1e-9);
        Assert.Equal(1e10, options.Gradient(Input(), 1)[0], 1.0);
    }

    [Fact]
    public void Orpo_is_finite_where_a_side_is_certain()
    {
        using var scope = NewDisposeScope();

        Assert.True(double.IsFinite(new OrpoOptions().Loss(Sides.Pair([0, 0], [-1]))));
        Assert.All(new OrpoOptions().Gradient(Sides.Pair([0, 0], [0]), 1), slope => Assert.True(double.IsFinite(slope)));
    }
}
