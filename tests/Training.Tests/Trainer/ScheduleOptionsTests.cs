using Agentic.Retrieval;

namespace Agentic.Training.Tests;

public sealed class ScheduleOptionsTests
{
    // 10 updates: two rise (1/2, 2/2), four stay, four fall in five equal steps to 0: 4/5, 3/5, 2/5, 1/5.
    [Fact]
    public void Linear_rises_stays_and_falls() =>
        Assert.Equal([0.5, 1, 1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2], Factors(new ScheduleOptions { WarmupShare = 0.2, DecayShare = 0.4 }));

    // Half a cosine over the same steps: (1 + cos(pi k / 5)) / 2, scaled between 1 and the final share 0.1.
    [Fact]
    public void Cosine_falls_to_the_final_share() =>
        Assert.Equal(
            Enumerable.Range(1, 4).Select(k => Math.Round(0.1 + (0.9 * 0.5 * (1 + Math.Cos(Math.PI * k / 5))), 12)),
            Factors(new ScheduleOptions { Decay = Decay.Cosine, WarmupShare = 0.2, DecayShare = 0.4, FinalShare = 0.1 }).Skip(6));

    [Fact]
    public void Constant_stays() => Assert.All(Factors(new ScheduleOptions { Decay = Decay.Constant, WarmupShare = 0 }), factor => Assert.Equal(1, factor));

    [Fact]
    public void Every_update_of_every_length_has_a_rate_above_zero_and_at_most_one()
    {
        var options = new ScheduleOptions();

        Assert.All(Enumerable.Range(1, 60), updates => Assert.All(Enumerable.Range(0, updates), update => Assert.InRange(options.Factor(update, updates), 1e-6, 1)));
    }

    [Fact]
    public void Rise_and_fall_that_overlap_are_refused() =>
        Assert.Throws<OptionsException>(() => OptionsGuard.Checked(new ScheduleOptions { WarmupShare = 0.6, DecayShare = 0.6 }));

    private static IEnumerable<double> Factors(ScheduleOptions options) => Enumerable.Range(0, 10).Select(update => Math.Round(options.Factor(update, 10), 12));
}
