// Legend: R = rows.
using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>KTO: samples that are wanted or not, each against the reference point kl; no pairs. Far from it on either side the gradient fades.</summary>
[Objective("wanted: w_d (1 - s(beta (d - kl))), else w_u (1 - s(beta (kl - d))); kl = max(0, mean d of mismatched rows)", "Ethayarajh et al. 2024")]
public sealed record KtoOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.1;

    /// <summary>w_d: weight of wanted samples. With unequal numbers of both, keep w_d n_d / (w_u n_u) between 1 and 4/3.</summary>
    [Range(0.0, 1e3)] public double DesirableWeight { get; init; } = 1;

    /// <summary>w_u: weight of unwanted samples.</summary>
    [Range(0.0, 1e3)] public double UndesirableWeight { get; init; } = 1;

    /// <inheritdoc/>
    public override IObjective Build() => new Kto(OptionsGuard.Checked(this));
}

/// <summary>The reference point is the mean over the whole update's mismatched rows, without gradient: it comes in the totals.</summary>
internal sealed class Kto(KtoOptions options) : IUpdateStatistics
{
    private const string Kl = "kl";

    public Needs Needs => Needs.SequenceReference | Needs.MismatchedCompletions;

    public IReadOnlyDictionary<string, double> Measure(in ObjectiveInput mismatched)
    {
        using var scope = NewDisposeScope();
        return new Dictionary<string, double> { [Kl] = LogRatio(mismatched).sum().ToDouble() / mismatched.Totals.Items };
    }

    public ObjectiveResult Compute(in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        var kl = Math.Max(0, input.Totals.Statistics![Kl]);
        var isWanted_R = input.Unpaired.Label;
        var ahead_R = LogRatio(input).Plus(-kl).Times(options.Beta);
        var loss_R = where(isWanted_R, sigmoid(-ahead_R).Times(options.DesirableWeight), sigmoid(ahead_R).Times(options.UndesirableWeight)); // 1 - s(x) = s(-x)
        double items = input.Totals.Items;
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [Kl] = kl * input.Unpaired.Items / items,
            ["rewards/accuracies"] = ahead_R.gt(zeros_like(ahead_R)).eq(isWanted_R).sum().ToDouble() / items,
        };
        return new ObjectiveResult(loss_R.sum().Over(items), loss_R.detach(), metrics).MoveToOuterDisposeScope();
    }

    private static Tensor LogRatio(in ObjectiveInput input) => input.Sum(input.Policy.Selected - input.Reference!.Selected);
}
