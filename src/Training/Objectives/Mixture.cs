// Legend: B = pairs.
using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>A weighted sum of other objectives over the same pairs; <c>sft</c> among them is the likelihood of the chosen sides' tokens.</summary>
[Objective("sum of weight x loss over the parts", "Wang et al. 2024 (MPO)")]
public sealed record MixtureOptions : ObjectiveOptions
{
    /// <summary>What is added up; the default is that of MPO.</summary>
    [Required, MinLength(1)] public IReadOnlyList<MixturePart> Parts { get; init; } =
    [
        new MixturePart { Weight = 0.8, Objective = new DpoOptions() },
        new MixturePart { Weight = 0.2, Objective = new BcoPairOptions() },
        new MixturePart { Weight = 1, Objective = new SftObjectiveOptions() },
    ];

    /// <inheritdoc/>
    public override IObjective Build()
    {
        OptionsGuard.Checked(this);
        var likelihood = Parts.Where(part => part.Objective is SftObjectiveOptions).Sum(part => part.Weight);
        var parts = Parts.Where(part => part.Objective is not SftObjectiveOptions).Select(part => (OptionsGuard.Checked(part).Weight, part.Objective.Build())).ToList();
        return parts.Count == 0 || parts.Any(part => part.Item2 is IUpdateStatistics)
            ? throw new OptionsException(nameof(MixtureOptions), ["the parts of a mixture work on pairs: at least one beside sft, and none that takes single samples, like kto"])
            : new Mixture(parts, likelihood == 0 ? null : new NllTerm(likelihood, NllReduction.Token));
    }
}

/// <summary>One objective of a mixture and how much it counts there.</summary>
public sealed record MixturePart
{
    /// <summary>Factor of its loss.</summary>
    [Range(0.0, 1e3)] public double Weight { get; init; } = 1;

    /// <summary>The objective.</summary>
    [Required] public ObjectiveOptions Objective { get; init; } = new DpoOptions();
}

/// <summary>Losses and losses per pair are added with their weights; of a metric that several parts have, the first part's is kept.</summary>
internal sealed class Mixture(IReadOnlyList<(double Weight, IObjective Objective)> parts, NllTerm? nll) : IObjective
{
    public Needs Needs => parts.Aggregate(Needs.None, (needs, part) => needs | part.Objective.Needs);

    public ObjectiveResult Compute(in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        ObjectiveResult? sum = null;
        foreach (var (weight, objective) in parts)
        {
            var part = objective.Compute(input);
            sum = sum is null
                ? new ObjectiveResult(part.Loss.Times(weight), part.PerItem.Times(weight), part.Metrics)
                : new ObjectiveResult(sum.Loss + part.Loss.Times(weight), sum.PerItem + part.PerItem.Times(weight), Joined(sum.Metrics, part.Metrics));
        }

        return (nll?.AddTo(sum!, input) ?? sum!).MoveToOuterDisposeScope();
    }

    private static Dictionary<string, double> Joined(IReadOnlyDictionary<string, double> first, IReadOnlyDictionary<string, double> second)
    {
        var joined = new Dictionary<string, double>(first, StringComparer.Ordinal);
        foreach (var (name, value) in second)
        {
            joined.TryAdd(name, value);
        }

        return joined;
    }
}
