using Agentic.Retrieval;

namespace Agentic.TestSupport;

/// <summary>What killing a command did.</summary>
/// <param name="Kills">Kills by the stage the command had reached; what had ended before its time came is counted as "ended before".</param>
/// <param name="Failures">Seeds after which the same command did not give the digest of an undisturbed run, and what happened.</param>
public sealed record KillReport(string Scenario, TimeSpan Undisturbed, IReadOnlyDictionary<string, int> Kills, IReadOnlyList<string> Failures);

/// <summary>Kills a command at uniformly random times of its run, once or twice a seed, then lets the same command run to its end and compares digests.</summary>
/// <param name="digest">Prints the digest of a path, as <c>agentic digest</c> does.</param>
public sealed class KillHarness(KillScenario scenario, Seed root, Func<string, Task<string>> digest) : IDisposable
{
    private const int MostKills = 2;
    private const string EndedBefore = "ended before";

    private readonly TemporaryFolder _folder = new();

    public async Task<KillReport> RunAsync(int seeds, CancellationToken cancellationToken)
    {
        var prepared = Directory.CreateDirectory(_folder["prepared"]).FullName;
        await scenario.Prepare(prepared, cancellationToken);
        var (undisturbed, expected, duration) = await UndisturbedAsync(prepared, cancellationToken);
        var kills = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var failures = new List<string>();
        for (var seed = 0; seed < seeds; seed++)
        {
            var folder = Copy(prepared, $"seed-{seed}");
            var random = root.Derive(scenario.Name, seed).ToRandom();
            for (var kill = random.Next(MostKills); kill >= 0; kill--)
            {
                var outcome = await AgenticProcess.RunAsync(scenario.Arguments(folder), random.NextDouble() * duration, cancellationToken);
                var stage = outcome.Code is null ? scenario.Stage(folder, undisturbed) : EndedBefore;
                kills[stage] = kills.GetValueOrDefault(stage) + 1;
            }

            if (await FailureAsync(folder, expected, cancellationToken) is { } failure)
            {
                failures.Add($"seed {seed}: {failure}");
            }

            Directory.Delete(folder, recursive: true);
        }

        return new KillReport(scenario.Name, duration, kills, failures);
    }

    public void Dispose() => _folder.Dispose();

    // The second of two runs is timed: the first one warms the disk cache.
    private async Task<(string Folder, string Digest, TimeSpan Duration)> UndisturbedAsync(string prepared, CancellationToken cancellationToken)
    {
        await AgenticProcess.RunAsync(scenario.Arguments(Copy(prepared, "warm")), cancellationToken);
        var folder = Copy(prepared, "undisturbed");
        var outcome = await AgenticProcess.RunAsync(scenario.Arguments(folder), cancellationToken);
        return outcome.Code == 0
            ? (folder, await DigestAsync(folder), outcome.Duration)
            : throw new InvalidOperationException($"{scenario.Name} ended with {outcome.Code}: {outcome.Error}");
    }

    private async Task<string?> FailureAsync(string folder, string expected, CancellationToken cancellationToken)
    {
        var outcome = await AgenticProcess.RunAsync(scenario.Arguments(folder), cancellationToken);
        if (outcome.Code != 0)
        {
            return $"the rerun ended with {outcome.Code}: {outcome.Error}";
        }

        var again = await DigestAsync(folder);
        return again == expected ? null : $"the rerun gave {again}, an undisturbed run {expected}";
    }

    private async Task<string> DigestAsync(string folder) => (await digest(Path.Combine(folder, scenario.Target))).Split(' ', 2)[0].Trim();

    private string Copy(string prepared, string name)
    {
        foreach (var file in Directory.EnumerateFiles(prepared, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder[name], Path.GetRelativePath(prepared, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return Directory.CreateDirectory(_folder[name]).FullName;
    }
}
