using Agentic.Retrieval;

namespace Agentic.Agent.Tests;

public sealed class TeaRagRewardTests
{
    private static readonly double[] Levels = [0, 0.5, 1];

    [Fact]
    public void Rewards_by_hand()
    {
        // k = 2 steps, l = 2 units, one step consistent: r_cons = 1/2; r_q = (1 + 0.5)/2; r_c = (1 + 1)/2; r_s = (0.5 + 0)/2.
        // r_process = 0.1 * 0.5 + 0.3 * (0.75 + 1 + 0.25) = 0.65.
        var reward = TeaRagReward.Of(
            new RewardMeasures(HopKind.Multi, 0.8, HasForm: true, [true, false], [new UnitMatch(1, 1, 0.5), new UnitMatch(0.5, 1, 0)]), RewardParts.Full, new ProcessWeightOptions());

        Assert.Equal(0.8, reward.Outcome);
        Assert.Equal(1, reward.Format);
        Assert.Equal(0.5, reward.Consistency, 1e-12);
        Assert.Equal(0.75, reward.Query, 1e-12);
        Assert.Equal(1, reward.Context, 1e-12);
        Assert.Equal(0.25, reward.Summary, 1e-12);
        Assert.Equal(0.65, reward.Process, 1e-12);
    }

    [Fact]
    public void More_steps_than_units_cost_process_and_fewer_may_pass_one()
    {
        UnitMatch[] perfect = [new(1, 1, 1), new(1, 1, 1)];
        double Process(int steps) => TeaRagReward.Of(
            new RewardMeasures(HopKind.Multi, 1, true, [.. Enumerable.Repeat(true, steps)], perfect), RewardParts.Full, new ProcessWeightOptions()).Process;

        // 0.1 + 0.9 * l / k.
        Assert.Equal(1.9, Process(1), 1e-12);
        Assert.Equal(1, Process(2), 1e-12);
        Assert.Equal(0.1 + (0.9 * 2 / 3), Process(3), 1e-12);
    }

    [Fact]
    public void Every_small_case_equals_the_definition()
    {
        var cases = from kind in Enum.GetValues<HopKind>()
                    from parts in Enum.GetValues<RewardParts>()
                    from outcome in Levels
                    from form in new[] { false, true }
                    from steps in Enumerable.Range(0, 4)
                    from consistent in Enumerable.Range(0, 1 << steps)
                    from units in Enumerable.Range(0, 3)
                    from codes in Enumerable.Range(0, (int)Math.Pow(9, units))
                    select (parts, Measures: new RewardMeasures(
                        kind, outcome, form, [.. Enumerable.Range(0, steps).Select(step => (consistent >> step & 1) == 1)],
                        [.. Enumerable.Range(0, units).Select(unit => codes / (int)Math.Pow(9, unit) % 9).Select(code => new UnitMatch(Levels[code % 3], Levels[code / 3], Levels[(code + (code / 3)) % 3]))]));
        var count = 0;
        foreach (var (parts, measures) in cases)
        {
            AssertEqualsDefinition(measures, parts, new ProcessWeightOptions());
            count++;
        }

        Assert.True(count > 40_000, $"{count} cases");
    }

    [Fact]
    public void Ten_thousand_random_cases_equal_the_definition()
    {
        var random = new Seed(5).ToRandom();
        for (var number = 0; number < 10_000; number++)
        {
            var measures = new RewardMeasures(
                (HopKind)random.Next(2), random.NextDouble(), random.Next(2) == 1, [.. Enumerable.Range(0, random.Next(7)).Select(_ => random.Next(2) == 1)],
                [.. Enumerable.Range(0, random.Next(6)).Select(_ => new UnitMatch(random.NextDouble(), random.NextDouble(), random.NextDouble()))]);
            var weights = new ProcessWeightOptions { Consistency = random.NextDouble(), Query = random.NextDouble(), Context = random.NextDouble(), Summary = random.NextDouble() };
            AssertEqualsDefinition(measures, (RewardParts)random.Next(3), weights);
        }
    }

    // Equations 5 to 13 with loops; k = 0 is ours: no process, and the answer is not divided.
    private static void AssertEqualsDefinition(RewardMeasures measures, RewardParts parts, ProcessWeightOptions weights)
    {
        var reward = TeaRagReward.Of(measures, parts, weights);
        var k = measures.Consistent.Count;
        var (cons, q, c, s) = (0.0, 0.0, 0.0, 0.0);
        var isProcess = parts == RewardParts.Full && measures.Kind == HopKind.Multi && k > 0;
        for (var step = 0; isProcess && step < k; step++)
        {
            cons += measures.Consistent[step] ? 1.0 / k : 0;
        }

        for (var unit = 0; isProcess && unit < measures.Matches.Count; unit++)
        {
            q += measures.Matches[unit].Query / k;
            c += measures.Matches[unit].Context / k;
            s += measures.Matches[unit].Summary / k;
        }

        Assert.Equal(measures.HasForm ? 1 : 0, reward.Format);
        Assert.Equal(parts == RewardParts.Full && measures.Kind == HopKind.Single && k > 0 ? measures.Outcome / k : measures.Outcome, reward.Outcome, 1e-12);
        Assert.Equal(cons, reward.Consistency, 1e-12);
        Assert.Equal(q, reward.Query, 1e-12);
        Assert.Equal(c, reward.Context, 1e-12);
        Assert.Equal(s, reward.Summary, 1e-12);
        Assert.Equal((weights.Consistency * cons) + (weights.Query * q) + (weights.Context * c) + (weights.Summary * s), reward.Process, 1e-12);
    }
}
