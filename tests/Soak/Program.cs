using System.Globalization;
using Agentic.Benchmarks;
using Agentic.Retrieval;
using Agentic.TestSupport;

if (args is not ["kill", .. var rest])
{
    Console.Error.WriteLine("""
        usage: Agentic.Soak VERB ...
          kill [SEEDS]    kills index build, index update and eval qa at random times, SEEDS (100) times each, and compares what a rerun gives
                          with an undisturbed run; writes docs/results/kill.json when all agree
        """);
    return 2;
}

var seeds = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 100;
var rows = new List<Dictionary<string, object>>();
var failures = 0;
foreach (var scenario in new[] { KillScenario.IndexBuild(), KillScenario.IndexUpdate(added: 400), KillScenario.EvalQa(questions: 100) })
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
    BenchmarkReport.Write("kill", string.Create(CultureInfo.InvariantCulture, $"dotnet run -c Release --project tests/Soak -- kill {seeds}"), rows);
}

return failures == 0 ? 0 : 1;

static async Task<string> DigestAsync(string path)
{
    var outcome = await AgenticProcess.RunAsync(["digest", path], CancellationToken.None);
    return outcome.Code == 0 ? outcome.Out : throw new InvalidOperationException($"digest ended with {outcome.Code}: {outcome.Error}");
}
