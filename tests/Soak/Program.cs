using System.Globalization;
using Agentic.Benchmarks;
using Agentic.Retrieval;
using Agentic.TestSupport;

KillScenario[]? scenarios = args switch
{
    ["kill", ..] => [KillScenario.IndexBuild(), KillScenario.IndexUpdate(added: 400), KillScenario.EvalQa(questions: 100)],
    ["collect", ..] => [KillScenario.Collect(questions: 100)],
    ["resume", ..] => [KillScenario.TrainSft(updates: 24), KillScenario.TrainPref(updates: 16)],
    _ => null,
};
if (scenarios is null)
{
    Console.Error.WriteLine("""
        usage: Agentic.Soak VERB ...
          kill [SEEDS]    kills index build, index update and eval qa at random times, SEEDS (100) times each, and compares what a rerun gives
                          with an undisturbed run; writes docs/results/kill.json when all agree
          collect [SEEDS] the same for collect, SEEDS (100) times; writes docs/results/collect.json
          resume [SEEDS]  the same for train sft and train pref, SEEDS (50) times; the digest is that of the weights; writes docs/results/resume.json
        """);
    return 2;
}

var verb = args[0];
var seeds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : verb == "resume" ? 50 : 100;
var rows = new List<Dictionary<string, object>>();
var failures = 0;
foreach (var scenario in scenarios)
{
    using var harness = new KillHarness(scenario, new Seed(1), DigestAsync);
    var report = await harness.RunAsync(seeds, CancellationToken.None);
    failures += report.Failures.Count;
    foreach (var failure in report.Failures)
    {
        Console.WriteLine($"{report.Scenario}: {failure}");
    }

    foreach (var (stage, kills) in report.Kills)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Scenario}: {kills} {stage}"));
    }

    rows.Add(new Dictionary<string, object>
    {
        ["killed"] = report.Scenario,
        ["seeds"] = seeds,
        ["undisturbed_seconds"] = Math.Round(report.Undisturbed.TotalSeconds, 2),
        ["different_digests"] = report.Failures.Count,
        ["kills"] = report.Kills,
    });
}

if (failures == 0)
{
    BenchmarkReport.Write(verb, string.Create(CultureInfo.InvariantCulture, $"dotnet run -c Release --project tests/Soak -- {verb} {seeds}"), rows);
}

return failures == 0 ? 0 : 1;

static async Task<string> DigestAsync(string path)
{
    var outcome = await AgenticProcess.RunAsync(["digest", path], CancellationToken.None);
    return outcome.Code == 0 ? outcome.Out : throw new InvalidOperationException($"digest ended with {outcome.Code}: {outcome.Error}");
}
