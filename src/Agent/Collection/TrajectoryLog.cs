using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The trajectory file of a run under way: attempts are appended in the order of the plan, whatever order they finish in, and survive a kill at any time.</summary>
/// <remarks>
/// Attempts that finished before their turn, and the steps of those under way, wait in a side file (<c>.inflight</c>). When the run goes on, the former are folded in and the latter dropped:
/// their attempts are made again. Safe for concurrent use by one process; a second writer is refused. Writes are short appends under a lock.
/// </remarks>
public sealed class TrajectoryLog : IDisposable
{
    private static readonly TimeSpan LongestUnsynced = TimeSpan.FromSeconds(1);

    private readonly RunConfiguration _configuration;
    private readonly IReadOnlyList<TrajectoryKey> _plan;
    private readonly Dictionary<TrajectoryKey, Trajectory> _known = [];
    private readonly Dictionary<TrajectoryKey, byte[]> _waiting = [];
    private readonly HashSet<TrajectoryKey> _committed = [];
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly FileStream _header;
    private readonly FileStream _main;
    private readonly InflightFile _side;
    private long _synced;
    private int _next;

    private TrajectoryLog(string path, RunConfiguration configuration, IReadOnlyList<TrajectoryKey> plan, Action<string>? warn, TimeProvider time)
    {
        (_configuration, _plan, _time) = (configuration, plan, time);
        _synced = time.GetTimestamp();
        _header = RunHeader.Claim(path, configuration);
        try
        {
            _main = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            TakeOver(path, warn);
            _side = new InflightFile(SideOf(path), Fold, warn);
            Drain();
        }
        catch
        {
            _side?.Dispose();
            _main?.Dispose();
            _header.Dispose();
            throw;
        }
    }

    /// <summary>Attempts that need not be made again.</summary>
    public int Count => _known.Count;

    /// <summary>Opens a new run, or one that was stopped, at any point, under the same configuration.</summary>
    /// <param name="path">The trajectory file; two more files with this name as their beginning lie beside it.</param>
    /// <param name="configuration">What decides the outcome.</param>
    /// <param name="plan">Every attempt of the run, in the order of the file.</param>
    /// <param name="warn">Told what a killed run left torn.</param>
    /// <param name="time">Clock that spaces the flushes to the disk; the system's when null.</param>
    /// <exception cref="AgenticException">Something else is there, another configuration, another writer, or the place cannot be written.</exception>
    /// <exception cref="InputFormatException">The file is damaged anywhere but in its last line.</exception>
    public static TrajectoryLog Open(
        string path, RunConfiguration configuration, IReadOnlyList<TrajectoryKey> plan, Action<string>? warn = null, TimeProvider? time = null)
    {
        if (PathObstacle.ForFile(path) is { } obstacle)
        {
            throw new AgenticException($"{path} {obstacle}");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new TrajectoryLog(path, configuration, plan, warn, time ?? TimeProvider.System);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AgenticException($"{path} cannot be written: {problem.Message}", problem);
        }
    }

    /// <summary>Removes a run with its side files, so that it can be started over; nothing happens where none is.</summary>
    /// <exception cref="AgenticException">A process is writing it, or it cannot be removed.</exception>
    public static void Remove(string path)
    {
        try
        {
            var header = RunHeader.PathOf(path);
            using var held = File.Exists(header) ? RunHeader.Lock(header) : null;
            File.Delete(path);
            File.Delete(SideOf(path));
            File.Delete(header);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AgenticException($"{path} cannot be started over: {problem.Message}", problem);
        }
    }

    /// <summary>The attempt, when it was finished before or since; otherwise null.</summary>
    public Trajectory? Find(TrajectoryKey key)
    {
        lock (_gate)
        {
            return _known.GetValueOrDefault(key);
        }
    }

    /// <summary>Records a step of an attempt under way.</summary>
    public void Note(TrajectoryKey key, Step step)
    {
        lock (_gate)
        {
            _side.Note(key, step);
        }
    }

    /// <summary>Records a finished attempt of the plan; it survives a kill of the process from here on. An attempt that is there already changes nothing.</summary>
    public void Commit(Trajectory trajectory)
    {
        var key = new TrajectoryKey(trajectory.QuestionId, trajectory.Attempt);
        var line = TrajectoryJson.Write(_configuration.RunId, _configuration.Hash, trajectory);
        lock (_gate)
        {
            if (!_known.TryAdd(key, trajectory))
            {
                return;
            }

            _waiting.Add(key, line);
            if (_next < _plan.Count && _plan[_next] != key)
            {
                _side.Append(line);
            }

            Drain();
        }
    }

    /// <summary>Brings everything to the disk; the side file goes when the run is complete.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _main.Flush(flushToDisk: true);
            _main.Dispose();
            if (_next == _plan.Count)
            {
                _side.Delete();
            }
            else
            {
                _side.Dispose();
            }

            _header.Dispose();
        }
    }

    internal static void AppendLine(FileStream file, byte[] line)
    {
        // One write a line: a kill leaves a whole line or a torn last one.
        var terminated = new byte[line.Length + 1];
        line.CopyTo(terminated, 0);
        terminated[^1] = (byte)'\n';
        file.Write(terminated);
    }

    private static string SideOf(string path) => path + ".inflight";

    private void Drain()
    {
        for (; _next < _plan.Count; _next++)
        {
            if (_waiting.Remove(_plan[_next], out var line))
            {
                AppendLine(_main, line);
                _committed.Add(_plan[_next]);
            }
            else if (!_committed.Contains(_plan[_next]))
            {
                break;
            }
        }

        if (_time.GetElapsedTime(_synced) >= LongestUnsynced)
        {
            _main.Flush(flushToDisk: true);
            _synced = _time.GetTimestamp();
        }

        if (_waiting.Count == 0)
        {
            _side.Idle();
        }
    }

    private void TakeOver(string path, Action<string>? warn)
    {
        var end = 0L;
        foreach (var (line, lineEnd) in TrajectoryFile.ReadLines(path, _main, warn))
        {
            if (line.RunId != _configuration.RunId)
            {
                throw new InputFormatException(
                    path, _committed.Count + 1, $"the attempt at question {line.TaskId} belongs to run {line.RunId}, not to {_configuration.RunId}; start the run over with --force");
            }

            var key = new TrajectoryKey(line.TaskId, line.Attempt);
            _known.Add(key, TrajectoryJson.TrajectoryOf(line));
            _committed.Add(key);
            end = lineEnd;
        }

        _main.SetLength(end);
        _main.Seek(end, SeekOrigin.Begin);
    }

    private bool Fold(TrajectoryLine line, byte[] bytes)
    {
        var key = new TrajectoryKey(line.TaskId, line.Attempt);
        var isWanted = line.RunId == _configuration.RunId && _known.TryAdd(key, TrajectoryJson.TrajectoryOf(line));
        if (isWanted)
        {
            _waiting.Add(key, bytes);
        }

        return isWanted;
    }
}
