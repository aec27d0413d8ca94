using System.Security.Cryptography;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A file of finished attempts: JSON Lines, one attempt a line, append-only.</summary>
public static class TrajectoryFile
{
    /// <summary>The attempts in file order, read as they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warn">Told of a torn last line, which is left out; a killed writer leaves one.</param>
    /// <exception cref="InputFormatException">A line other than a torn last one is damaged, of another format, or repeats an attempt.</exception>
    public static IEnumerable<Trajectory> Read(string path, Action<string>? warn = null)
    {
        using var stream = OpenForReading(path);
        foreach (var line in ReadLines(path, stream, warn))
        {
            yield return TrajectoryJson.TrajectoryOf(line.Line);
        }
    }

    /// <summary>A hash in hex of what the attempts say: independent of their order in the file and of every timing.</summary>
    /// <exception cref="InputFormatException">As for <see cref="Read"/>.</exception>
    public static string Digest(string path, Action<string>? warn = null)
    {
        using var stream = OpenForReading(path);
        var hashes = ReadLines(path, stream, warn).Select(line => Convert.ToHexStringLower(SHA256.HashData(TrajectoryJson.Timeless(line.Line)))).ToList();
        hashes.Sort(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Join('\n', hashes))));
    }

    internal static IEnumerable<(TrajectoryLine Line, long End)> ReadLines(string path, Stream stream, Action<string>? warn)
    {
        var seen = new HashSet<TrajectoryKey>();
        foreach (var line in LogLines.Read(stream))
        {
            if (line.IsTorn)
            {
                warn?.Invoke($"{path}({line.Number}): the last line is torn and was left out; its attempt is made again when the run goes on");
                yield break;
            }

            var read = Checked(path, line);
            if (!seen.Add(new TrajectoryKey(read.TaskId, read.Attempt)))
            {
                throw new InputFormatException(path, line.Number, $"attempt {read.Attempt} at question {read.TaskId} is in the file twice");
            }

            yield return (read, line.End);
        }
    }

    private static TrajectoryLine Checked(string path, LogLine line)
    {
        try
        {
            return TrajectoryJson.Read(line.Bytes.Span);
        }
        catch (FormatException damage)
        {
            var other = line.Number == 1 ? "name a file that 'eval qa --out' has written, " : "";
            throw new InputFormatException(path, line.Number, $"{damage.Message}; {other}restore the file, or remove it and run again", damage);
        }
    }

    private static FileStream OpenForReading(string path)
    {
        if (!File.Exists(path))
        {
            throw new AgenticException($"{path} {(Directory.Exists(path) ? "is a folder" : "does not exist")}; name a file that 'eval qa --out' has written");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AgenticException($"{path} cannot be read: {problem.Message}", problem);
        }
    }
}
