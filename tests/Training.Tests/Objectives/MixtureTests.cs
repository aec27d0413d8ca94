using Agentic.Retrieval;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class MixtureTests
{
    private const double ClosedForm = 1e-12;

    private static MixturePart Part(double weight, ObjectiveOptions objective) => new() { Weight = weight, Objective = objective };

    // z = 1 for DPO, rewards 0.4 and -0.6 for BCO, chosen tokens -1 and -2.
    [Fact]
    public void Losses_are_added_with_their_weights()
    {
        using var scope = NewDisposeScope();
        var options = new MixtureOptions { Parts = [Part(0.8, new DpoOptions { Beta = 0.2 }), Part(0.2, new BcoPairOptions { Beta = 0.2 }), Part(3, new SftObjectiveOptions())] };
        static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

        var result = options.Build().Compute(Sides.Pair([-1, -2], [-4], [-2, -3], [-1]));

        var preference = (0.8 * Softplus(-1)) + (0.2 * (Softplus(-0.4) + Softplus(-0.6)));
        Assert.Equal(preference + (3 * 1.5), result.Loss.item<double>(), ClosedForm);
        Assert.Equal(preference, result.PerItem.item<double>(), ClosedForm);
        Assert.Equal(1.5, result.Metrics["nll_loss"], ClosedForm);
    }

    [Fact]
    public void A_mixture_needs_what_its_parts_need() => Assert.Equal(
        Needs.SequenceReference | Needs.TokenReference | Needs.VocabularyReference,
        new MixtureOptions { Parts = [Part(1, new DpoOptions()), Part(1, new Tdpo2Options()), Part(1, new SftObjectiveOptions())] }.Build().Needs);

    [Fact]
    public void Parts_that_do_not_work_on_pairs_are_refused()
    {
        Assert.Throws<OptionsException>(() => new MixtureOptions { Parts = [Part(1, new DpoOptions()), Part(1, new KtoOptions())] }.Build());
        Assert.Throws<OptionsException>(() => new MixtureOptions { Parts = [Part(1, new SftObjectiveOptions())] }.Build());
        Assert.Throws<OptionsException>(() => new MixtureOptions { Parts = [] }.Build());
    }

    [Fact]
    public void Options_of_a_part_are_checked() =>
        Assert.Throws<OptionsException>(() => new MixtureOptions { Parts = [Part(1, new RdpoOptions { LabelSmoothing = 0.5 })] }.Build());
}
