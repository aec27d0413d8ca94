// Legend: B = pairs.
using System.ComponentModel.DataAnnotations;
using Agentic.Agent;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>An objective that the library has never heard of: exp(-beta D), the loss of boosting. This record and this class are all it takes.</summary>
public sealed record ExponentialOptions : ObjectiveOptions
{
    /// <summary>Strength of the pull towards the reference.</summary>
    [Range(1e-6, 1e3)] public double Beta { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IObjective Build() => new Exponential(OptionsGuard.Checked(this));
}

internal sealed class Exponential(ExponentialOptions options) : IObjective
{
    public Needs Needs => Needs.SequenceReference;

    public ObjectiveResult Compute(in ObjectiveInput input)
    {
        using var scope = NewDisposeScope();
        using Scalar beta = options.Beta;
        var reward_R = input.Sum(input.Policy.Selected - input.Reference!.Selected) * beta;
        var (chosen_B, rejected_B) = input.Pairs.Split(reward_R);
        return ObjectiveResult.OfPairs(input, (rejected_B - chosen_B).exp(), chosen_B, rejected_B).MoveToOuterDisposeScope();
    }
}

public sealed class OwnObjectiveTests
{
    // Policy and reference begin equal, so the first loss is exp(0) = 1 for every pair.
    [Fact]
    public void An_objective_defined_outside_the_library_trains_through_it()
    {
        using var small = new SmallRun();
        var options = small.Options with { Updates = 16, Optimizer = new AdamwOptimizerOptions { LearningRate = 5e-3 } };
        var job = new TrainingJob(small.Model, Pairs(), new ExponentialOptions().Build(), options);
        var reports = new Reports();

        using (var run = TrainingRun.Open(job, small.Output("own"), new RunConfiguration(new Dictionary<string, string> { ["objective"] = "exponential" }), small.Warnings.Add, TimeProvider.System))
        {
            run.Run(reports, TestContext.Current.CancellationToken);
            Assert.True(run.IsFinished);
        }

        Assert.Equal(1, reports.Seen[0].Loss, 1e-5);
        Assert.True(reports.Seen[^1].Loss < 0.9, $"{reports.Seen[^1].Loss}");
        Assert.True(reports.Seen[^1].Metrics["rewards/accuracies"] > 0.8);
        Assert.Empty(small.Warnings);
    }

    /// <summary>Chosen sides repeat one token, rejected ones another.</summary>
    private static PairItems Pairs()
    {
        var random = new Seed(4).ToRandom();
        TokenizedRow Row(int[] prompt, int token, int length) => new(
            "row", [.. prompt, .. Enumerable.Repeat(token, length)], [new TokenSpan(0, prompt.Length, 0, Author.Prompt, false), new TokenSpan(prompt.Length, length, 1, Author.Policy, true)]);
        var pairs = Enumerable.Range(0, 24).Select(number =>
        {
            int[] prompt = [.. Enumerable.Range(0, 4).Select(_ => random.Next(200))];
            return new TokenizedPair($"pair-{number}", 0, prompt.Length, Row(prompt, 210, random.Next(2, 6)), Row(prompt, 220, random.Next(2, 6)));
        });
        return PairItems.Of([.. pairs], RandomRows.Maker, 64, LongRows.Refuse, "pairs");
    }

    private sealed class Reports : IProgress<UpdateReport>
    {
        public List<UpdateReport> Seen { get; } = [];

        public void Report(UpdateReport value) => Seen.Add(value);
    }
}
