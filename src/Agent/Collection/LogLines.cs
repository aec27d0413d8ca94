namespace Agentic.Agent;

/// <summary>A line of an append-only log.</summary>
/// <param name="Number">1-based.</param>
/// <param name="End">Offset after its newline, or of the end of the file.</param>
/// <param name="Bytes">The line without its newline.</param>
/// <param name="IsTorn">True for a last line without a newline: the writer was killed while it wrote.</param>
internal readonly record struct LogLine(long Number, long End, ReadOnlyMemory<byte> Bytes, bool IsTorn);

/// <summary>Reads an append-only log line by line, with one line in memory.</summary>
internal static class LogLines
{
    /// <summary>The lines from the stream's position, a torn last one included.</summary>
    public static IEnumerable<LogLine> Read(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        var (filled, number, offset) = (0, 0L, stream.Position);
        while (true)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, checked(buffer.Length * 2));
            }

            var read = stream.Read(buffer, filled, buffer.Length - filled);
            var scanned = filled;
            filled += read;
            var start = 0;
            for (int at; (at = buffer.AsSpan(scanned, filled - scanned).IndexOf((byte)'\n')) >= 0;)
            {
                var newline = scanned + at;
                yield return new LogLine(++number, offset + newline + 1, buffer[start..newline], IsTorn: false);
                scanned = start = newline + 1;
            }

            if (read == 0)
            {
                if (filled > start)
                {
                    yield return new LogLine(++number, offset + filled, buffer[start..filled], IsTorn: true);
                }

                yield break;
            }

            Buffer.BlockCopy(buffer, start, buffer, 0, filled - start);
            offset += start;
            filled -= start;
        }
    }
}
