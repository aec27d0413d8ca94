namespace Agentic.Training;

/// <summary>The file <c>metrics.jsonl</c>: one line an update, each written in one go.</summary>
internal sealed class MetricsFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens the file and cuts off what lies behind <paramref name="length"/>: updates after the checkpoint, which are made again, and a torn last line.</summary>
    /// <param name="length">Bytes at the time of the checkpoint; 0 for a run from the start. A file that has less than that keeps what it has.</param>
    public MetricsFile(string path, long length)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file.SetLength(Math.Min(length, _file.Length));
        _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>Bytes written.</summary>
    public long Length => _file.Length;

    public void Append(UpdateReport report) => _file.Write(report.ToLine());

    /// <summary>Makes sure that the disk has it.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    public void Dispose() => _file.Dispose();
}
