using System.Text.Json;

namespace Agentic.Agent;

/// <summary>The side file of a run: steps of attempts under way, and finished attempts that wait for their turn in the trajectory file.</summary>
internal sealed class InflightFile : IDisposable
{
    private const long LargestIdleFile = 8L << 20;

    private readonly FileStream _file;

    /// <summary>Takes over what a stopped run left: finished attempts are offered to <paramref name="fold"/>, the rest is dropped.</summary>
    /// <param name="path">The side file; may be absent.</param>
    /// <param name="fold">Told each finished attempt with its line; true when it is still wanted.</param>
    /// <param name="warn">Told how much was dropped.</param>
    public InflightFile(string path, Func<TrajectoryLine, byte[], bool> fold, Action<string>? warn)
    {
        var kept = new List<byte[]>();
        var dropped = 0;
        if (File.Exists(path))
        {
            using var earlier = File.OpenRead(path);
            foreach (var line in LogLines.Read(earlier))
            {
                if (line.IsTorn || FinishedAttempt(line.Bytes.Span) is not { } attempt)
                {
                    dropped++;
                }
                else if (fold(attempt, line.Bytes.ToArray()))
                {
                    kept.Add(line.Bytes.ToArray());
                }
            }
        }

        if (dropped > 0)
        {
            warn?.Invoke($"{path}: the run had been stopped amid its work; notes of {dropped} unfinished steps were dropped, their attempts are made again");
        }

        _file = Rewritten(path, kept);
    }

    public void Note(TrajectoryKey key, Step step) =>
        Append(JsonSerializer.SerializeToUtf8Bytes(new { step_of = key.QuestionId, attempt = key.Attempt, step }, TrajectoryJson.Options));

    public void Append(byte[] line) => TrajectoryLog.AppendLine(_file, line);

    /// <summary>Called when no finished attempt waits: keeps the file from growing with the run.</summary>
    public void Idle()
    {
        if (_file.Length > LargestIdleFile)
        {
            _file.SetLength(0);
        }
    }

    /// <summary>Closes and removes the file.</summary>
    public void Delete()
    {
        _file.Dispose();
        File.Delete(_file.Name);
    }

    public void Dispose() => _file.Dispose();

    // A scratch file: what cannot be read is dropped, never refused.
    private static TrajectoryLine? FinishedAttempt(ReadOnlySpan<byte> line)
    {
        try
        {
            return line.StartsWith("{\"format\""u8) ? TrajectoryJson.Read(line) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // Written anew with what still waits, and renamed: a kill in between leaves the old file.
    private static FileStream Rewritten(string path, List<byte[]> kept)
    {
        var temporary = path + ".tmp";
        using (var fresh = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            kept.ForEach(line => TrajectoryLog.AppendLine(fresh, line));
        }

        File.Move(temporary, path, overwrite: true);
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }
}
