// Legend: R = rows, B = pairs.
using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Token-level DPO, first form: the sequential divergence of both sides stands in the margin, with gradient on both.</summary>
[Objective("-log s(beta (D - (K_l - K_w))), K = sum of KL(ref || policy) over the tokens", "Zeng et al. 2024")]
public sealed record Tdpo1Options : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new Tdpo(Beta, (chosen_B, rejected_B) => rejected_B - chosen_B);
    }
}

/// <summary>Token-level DPO, second form: the chosen side's divergence is a constant, so that only the rejected side is pulled back.</summary>
[Objective("-log s(beta (D - alpha (K_l - constant K_w))), K = sum of KL(ref || policy) over the tokens", "Zeng et al. 2024")]
public sealed record Tdpo2Options : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <summary>Weight of the difference in divergence.</summary>
    [Range(0.0, 1e3)] public double Alpha { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        return new Tdpo(Beta, (chosen_B, rejected_B) => (rejected_B - chosen_B.detach()).Times(Alpha));
    }
}

/// <summary>DPO with a difference of divergences taken off the margin.</summary>
internal sealed class Tdpo(double beta, Func<Tensor, Tensor, Tensor> klGap) : IObjective
{
    public Needs Needs => Needs.TokenReference | Needs.VocabularyReference;

    public ObjectiveResult Compute(in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        var ratio_R = input.Sum(input.Policy.Selected - input.Reference!.Selected);
        var (chosen_B, rejected_B) = input.Pairs.Split(ratio_R);
        var (chosenKl_B, rejectedKl_B) = input.Pairs.Split(input.Sum(input.Policy.KlFromReference!));
        var margin_B = chosen_B - rejected_B - klGap(chosenKl_B, rejectedKl_B);
        var loss_B = -nn.functional.logsigmoid(margin_B.Times(beta));
        return ObjectiveResult.OfPairs(input, loss_B, chosen_B.Times(beta), rejected_B.Times(beta)).MoveToOuterDisposeScope();
    }
}
