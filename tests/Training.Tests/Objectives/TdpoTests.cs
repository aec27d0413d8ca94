using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class TdpoTests
{
    private const double ClosedForm = 1e-12;

    // D = -1 + 3 = 2, K_w = 0.5, K_l = 1.5.
    private static ObjectiveInput Input() => Sides.Pair([-1], [-3], kl: (0.5, 1.5));

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    // z = 2 - (1.5 - 0.5) = 1.
    [Fact]
    public void The_first_form_takes_the_difference_of_divergences_off_the_margin()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(Softplus(-1), new Tdpo1Options { Beta = 1 }.Loss(Input()), ClosedForm);
    }

    // z = 2 - 0.25 * 1 = 1.75.
    [Fact]
    public void The_second_form_weighs_it()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(Softplus(-1.75), new Tdpo2Options { Beta = 1, Alpha = 0.25 }.Loss(Input()), ClosedForm);
    }

    // d loss / d K = s(-z) (-1, 1) in the first form, z = 1; in the second alpha s(-z) (0, 1), z = 1.75.
    [Fact]
    public void Only_the_first_form_has_a_gradient_in_the_divergence_of_the_chosen_side()
    {
        using var scope = NewDisposeScope();
        double[] Slopes(ObjectiveOptions options)
        {
            var input = Input();
            options.Build().Compute(input).Loss.backward();
            var gradient = input.Policy.KlFromReference!.grad!;
            return [gradient[0, 1].item<double>(), gradient[1, 1].item<double>()];
        }

        Assert.Equal([-1 / (1 + Math.E), 1 / (1 + Math.E)], Slopes(new Tdpo1Options { Beta = 1 }), Close);
        Assert.Equal([0, 0.25 / (1 + Math.Exp(1.75))], Slopes(new Tdpo2Options { Beta = 1, Alpha = 0.25 }), Close);
    }

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < ClosedForm;
}
