using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.EndToEnd.Tests;

/// <summary>A command killed at any time and run again gives what an undisturbed run gives. Ten seeds each; tests/Soak runs a hundred.</summary>
public sealed class KillTests
{
    private const int Seeds = 10;

    [Fact]
    public Task Index_build_survives_kill() => SurvivesAsync(KillScenario.IndexBuild());

    [Fact]
    public Task Index_update_survives_kill() => SurvivesAsync(KillScenario.IndexUpdate(added: 30));

    [Fact]
    public Task Eval_qa_survives_kill() => SurvivesAsync(KillScenario.EvalQa(questions: 15));

    [Fact]
    public Task Collect_survives_kill() => SurvivesAsync(KillScenario.Collect(questions: 15));

    // Ten kill points of the same run in one process: TrainingRunTests. Here the process is killed.
    [Fact]
    public Task Train_sft_survives_kill() => SurvivesAsync(KillScenario.TrainSft(updates: 8), seeds: 2);

    [Fact]
    public Task Train_pref_survives_kill() => SurvivesAsync(KillScenario.TrainPref(updates: 8), seeds: 2);

    private static async Task SurvivesAsync(KillScenario scenario, int seeds = Seeds)
    {
        using var harness = new KillHarness(scenario, new Seed(7), DigestAsync);
        var report = await harness.RunAsync(seeds, TestContext.Current.CancellationToken);

        Assert.Empty(report.Failures);
        Assert.NotEqual(0, report.Kills.Where(pair => pair.Key != "ended before").Sum(pair => pair.Value));
    }

    private static async Task<string> DigestAsync(string path)
    {
        var run = await CommandLine.RunAsync("digest", path);
        Assert.True(run.Code == 0, run.Error);
        return run.Out;
    }
}
