using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A collection under way: which attempts are planned, handed out, made, failed. Execution is at least once, what is committed is there exactly once.</summary>
/// <remarks>
/// The key of an attempt is (run, question, sample), and the run is named by its configuration. One process at a time; safe for concurrent use inside it.
/// Killed at any point, the same call goes on: what was handed out and not committed is handed out again.
/// </remarks>
public sealed class CollectionLedger : IDisposable
{
    private const string LockName = "collection.lock";

    private readonly LedgerFile _file;
    private readonly FileStream _lock;
    private readonly LedgerRun _run;

    private CollectionLedger(LedgerFile file, FileStream held, LedgerRun run) => (_file, _lock, _run) = (file, held, run);

    /// <summary>Short name of the run.</summary>
    public string RunId => _run.Configuration.RunId;

    /// <summary>How far it is.</summary>
    public CollectionStatus Status => _run.Status(_file);

    /// <summary>Opens a new collection, or one that was stopped, under the same configuration.</summary>
    /// <param name="folder">Its folder; made when absent.</param>
    /// <param name="configuration">What decides the outcome of an attempt. <c>questions</c> and <c>samples</c> are added from the plan.</param>
    /// <param name="plan">What is to be collected.</param>
    /// <param name="fork">
    /// True to begin a new run where one of another configuration stands. Earlier runs stay in the file. Attempts of the latest one are taken over when nothing that decides
    /// an attempt differs (only which questions and how many samples); otherwise the new run begins empty.
    /// </param>
    /// <exception cref="AgenticException">Another configuration and no <paramref name="fork"/> (the differences are named), another process, or the place cannot be written.</exception>
    public static CollectionLedger Open(string folder, RunConfiguration configuration, CollectionPlan plan, bool fork = false)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        plan.Checked();
        var held = Claim(folder);
        LedgerFile? file = null;
        try
        {
            file = LedgerFile.Open(folder, create: true);
            var whole = LedgerRun.Whole(configuration, plan);
            var run = file.Write(() => LedgerRun.Latest(file) switch
            {
                null => LedgerRun.Begin(file, whole, plan),
                var latest when latest.Configuration.RunId == whole.RunId => latest,
                var latest when fork => LedgerRun.Fork(file, latest, whole, plan),
                var latest => throw Refused(folder, whole.DifferencesFrom(latest.Configuration)),
            });
            file.Write(() => run.TakeBack(file));
            return new CollectionLedger(file, held, run);
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Plans the failed attempts of the latest run again.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="AgenticException">No collection is there, or another process is at it.</exception>
    public static int Retry(string folder)
    {
        RequireOne(folder);
        using var held = Claim(folder);
        using var file = LedgerFile.Open(folder, create: false);
        return file.Write(() => LedgerRun.Latest(file)?.Retry(file) ?? 0);
    }

    /// <summary>Brings everything to the disk and lets the folder go.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    /// <summary>Hands out the next attempts of the plan, fewer when fewer are left.</summary>
    internal IReadOnlyList<CollectionTask> Lease(int count) => _file.Write(() => _run.Lease(_file, count));

    /// <summary>Stores attempts in one transaction; one that is there already, or was not handed out, changes nothing.</summary>
    /// <returns>How many are new.</returns>
    internal int Commit(IReadOnlyCollection<CollectedLine> lines) => _file.Write(() => lines.Sum(line => _run.Commit(_file, line)));

    /// <summary>What was handed out and will not come back is planned again.</summary>
    internal void Release() => _file.Write(() => _run.TakeBack(_file));

    /// <summary>An attempt as it is stored.</summary>
    internal byte[] LineOf(Trajectory trajectory) => StoredLine.Pack(TrajectoryJson.Write(RunId, _run.Configuration.Hash, trajectory));

    internal static void RequireOne(string folder)
    {
        if (!File.Exists(LedgerFile.PathIn(folder)))
        {
            throw new AgenticException($"{folder}: holds no collection; name a folder that 'collect' wrote");
        }
    }

    private static AgenticException Refused(string folder, IReadOnlyList<string> differences) => new(
        $"{folder} was begun with another configuration: {string.Join("; ", differences)}. Run with the same configuration, name another folder, or begin a new run beside it with --fork");

    private static FileStream Claim(string folder)
    {
        if (PathObstacle.ForFile(LedgerFile.PathIn(folder)) is { } obstacle)
        {
            throw new AgenticException($"{folder}: {obstacle}");
        }

        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AgenticException($"{folder}: cannot be claimed ({problem.Message}); another process may be collecting there, or you may not write there", problem);
        }
    }
}
