using System.Security.Cryptography;
using System.Text;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A collection to be read: what its latest run has committed. It may be read while a process still collects.</summary>
public sealed class CollectionFolder : IDisposable
{
    private readonly LedgerFile _file;
    private readonly LedgerRun _run;

    private CollectionFolder(LedgerFile file, LedgerRun run) => (_file, _run) = (file, run);

    /// <summary>Its questions, in the order of the plan.</summary>
    public IReadOnlyList<Question> Questions => _run.Questions;

    /// <summary>How a policy was asked; null when unknown.</summary>
    public DemonstrationHeader? Header => _run.Header is { } json ? DemonstrationHeader.Parse(_file.Path, Encoding.UTF8.GetBytes(json)) : null;

    /// <summary>What decided the outcome of its attempts.</summary>
    public RunConfiguration Configuration => _run.Configuration;

    /// <summary>How far it is.</summary>
    public CollectionStatus Status => _run.Status(_file);

    /// <summary>True when a collection lies there.</summary>
    public static bool IsOne(string path) => File.Exists(LedgerFile.PathIn(path));

    /// <summary>Opens a collection.</summary>
    /// <exception cref="AgenticException">None is there, or it is damaged.</exception>
    public static CollectionFolder Open(string folder)
    {
        CollectionLedger.RequireOne(folder);
        var file = LedgerFile.Open(folder, create: false);
        try
        {
            return new CollectionFolder(file, file.Guarded(() => LedgerRun.Latest(file)) ?? throw new AgenticException($"{folder}: holds no run yet; collect first"));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The attempts made, in the order of the plan, read as they are asked for. Those that failed are left out: they say nothing of the policy.</summary>
    /// <exception cref="AgenticException">One is damaged.</exception>
    public IEnumerable<Trajectory> Read() => Lines().Select(TrajectoryJson.TrajectoryOf);

    /// <summary>A hash in hex of what the attempts say, made as <see cref="TrajectoryFile.Digest"/> does.</summary>
    /// <exception cref="AgenticException">One is damaged.</exception>
    public string Digest()
    {
        var hashes = Lines().Select(line => Convert.ToHexStringLower(SHA256.HashData(TrajectoryJson.Timeless(line)))).ToList();
        hashes.Sort(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', hashes))));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The same attempts as they are stored, without a newline.</summary>
    internal IEnumerable<byte[]> StoredLines() => _file.Lines(_run.Sequence).Where(line => line.State == LedgerFile.State.Committed).Select(line => line.Line);

    private IEnumerable<TrajectoryLine> Lines()
    {
        foreach (var (ordinal, _, bytes) in _file.Lines(_run.Sequence).Where(line => line.State == LedgerFile.State.Committed))
        {
            TrajectoryLine line;
            try
            {
                line = TrajectoryJson.Read(bytes);
            }
            catch (FormatException damage)
            {
                throw new AgenticException($"{_file.Path}: attempt {ordinal}: {damage.Message}; restore the file", damage);
            }

            yield return line;
        }
    }
}
