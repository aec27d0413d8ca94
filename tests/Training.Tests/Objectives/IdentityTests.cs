using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Where the literature's objectives meet.</summary>
public sealed class IdentityTests
{
    private const double Rounding = 1e-12;

    public static TheoryData<string, ObjectiveOptions, ObjectiveOptions> Pairs => new()
    {
        { "cDPO without smoothing is DPO", new CdpoOptions { LabelSmoothing = 0 }, new DpoOptions() },
        { "rDPO without flips is DPO", new RdpoOptions { LabelSmoothing = 0 }, new DpoOptions() },
        { "LD-DPO with a whole tail is DPO", new LdDpoOptions { Alpha = 1 }, new DpoOptions() },
        { "DPO with no weight on the likelihood is DPO", new DpoNllOptions { Alpha = 0 }, new DpoOptions() },
        { "TDPO2 without its divergence is DPO", new Tdpo2Options { Alpha = 0 }, new DpoOptions() },
        { "SimPO without margin and smoothing smooths nothing", new SimpoOptions { Gamma = 0, LabelSmoothing = 0 }, new SimpoOptions { Gamma = 0 } },
        { "a mixture of one is that one", new MixtureOptions { Parts = [new MixturePart { Objective = new IpoOptions() }] }, new IpoOptions() },
        {
            "a mixture of DPO and SFT is DPO with the likelihood by token",
            new MixtureOptions { Parts = [new MixturePart { Objective = new DpoOptions() }, new MixturePart { Weight = 2, Objective = new SftObjectiveOptions() }] },
            new DpoNllOptions { Alpha = 2 }
        },
        { "ORPO without odds is the likelihood by token", new OrpoOptions { Lambda = 0, Nll = NllReduction.Token }, new SftObjectiveOptions() },
    };

    [Theory]
    [MemberData(nameof(Pairs), DisableDiscoveryEnumeration = true)]
    public void Loss_and_gradient_are_equal(string law, ObjectiveOptions one, ObjectiveOptions other)
    {
        using var scope = NewDisposeScope();
        var (left, right) = (RandomBatch.Create(), RandomBatch.Create());
        var (leftLoss, rightLoss) = (left.Compute(one.Build()).Loss, right.Compute(other.Build()).Loss);
        leftLoss.backward();
        rightLoss.backward();

        Assert.Equal(rightLoss.item<double>(), leftLoss.item<double>(), Rounding);
        Assert.True(left.Logits.grad!.allclose(right.Logits.grad!, rtol: 0, atol: Rounding), law);
    }

    // gamma moves into the reference: a chosen reference lower by gamma / beta a token raises the mean log-ratio, one higher by it lowers it.
    [Fact]
    public void Simpo_is_length_normalised_dpo_whose_reference_is_the_margin()
    {
        using var scope = NewDisposeScope();
        var input = Sides.Pair([-1, -2.5], [-3, -1, -2], [0.4, 0.4]);

        Assert.Equal(new SimpoOptions { Beta = 2, Gamma = 0.8 }.Loss(input), new DpoLengthNormalisedOptions { Beta = 2 }.Loss(input), Rounding);
    }

    [Fact]
    public void Both_forms_of_ipo_agree_on_sides_of_one_token()
    {
        var input = Sides.Pair([-1], [-3], [-2], [-2]);

        Assert.Equal(new IpoOptions().Loss(input), new IpoOptions { Normalise = ScoreNormalisation.None }.Loss(input), Rounding);
    }

    [Fact]
    public void Weights_of_one_and_a_parting_at_the_start_are_dpo()
    {
        var input = Sides.Pair([-1, -4], [-3, -2, -5], weights: [[1, 1], [1, 1, 1]]);

        Assert.Equal(new DpoOptions().Loss(input), new TokenWeightedDpoOptions().Loss(input), Rounding);
        Assert.Equal(new DpoOptions { Beta = 0.4 }.Loss(input), new StepDpoOptions().Loss(input), Rounding);
    }

    [Fact]
    public void Half_smoothing_cannot_tell_the_sides_apart()
    {
        var options = new CdpoOptions { LabelSmoothing = 0.5 };

        Assert.Equal(options.Loss(Sides.Pair([-1, -4], [-3])), options.Loss(Sides.Pair([-3], [-1, -4])), Rounding);
    }

    // -log s(-z) = -log s(z) + z, z = 0.1 (-5 + 3) = -0.2.
    [Fact]
    public void Exchanging_the_sides_adds_the_margin() =>
        Assert.Equal(new DpoOptions().Loss(Sides.Pair([-1, -4], [-3])) - 0.2, new DpoOptions().Loss(Sides.Pair([-3], [-1, -4])), Rounding);

    // A token that both sides share stands in both sums, under policy and reference alike, and cancels.
    [Fact]
    public void A_shared_token_leaves_the_loss_of_dpo_unchanged() => Assert.Equal(
        new DpoOptions().Loss(Sides.Pair([-1], [-3], [-2], [-1])), new DpoOptions().Loss(Sides.Pair([-7, -1], [-7, -3], [-5, -2], [-5, -1])), Rounding);

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public void Loss_is_log_two_when_the_policy_is_the_reference(double beta)
    {
        using var scope = NewDisposeScope();
        var batch = RandomBatch.Create();
        var same = batch.With(batch.Reference.clone().requires_grad_());

        Assert.All(
            new ObjectiveOptions[] { new DpoOptions { Beta = beta }, new CdpoOptions { Beta = beta }, new LdDpoOptions { Beta = beta }, new Tdpo1Options { Beta = beta }, new Tdpo2Options { Beta = beta } },
            options => Assert.Equal(Math.Log(2), same.Compute(options.Build()).Loss.item<double>(), Rounding));
    }
}
