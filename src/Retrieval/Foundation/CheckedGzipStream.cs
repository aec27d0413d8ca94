using System.IO.Compression;

namespace Agentic.Retrieval;

/// <summary>Decompresses gzip and notices when the file was cut short.</summary>
/// <remarks>
/// GZipStream takes the end of its source for the end of the data, so half a file would read as a shorter corpus. Here a member
/// with known content is appended to the source: it can only come out again, whole and last, when all members before it were complete.
/// </remarks>
internal sealed class CheckedGzipStream : Stream
{
    private static readonly byte[] Mark = [.. "\n~end of the compressed file~\n"u8];
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly GZipStream _inner;
    private readonly byte[] _held = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    public CheckedGzipStream(Stream compressed) => _inner = new GZipStream(new Appended(compressed, MarkMember), CompressionMode.Decompress);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The data is damaged or ends too early.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_ended && _end - _start <= Mark.Length)
        {
            _held.AsSpan(_start, _end - _start).CopyTo(_held);
            (_start, _end) = (0, _end - _start);
            var read = await _inner.ReadAsync(_held.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            _ended = read == 0;
        }

        if (_ended && !_held.AsSpan(_start, _end - _start).SequenceEqual(Mark))
        {
            throw new InvalidDataException("the compressed data ends too early");
        }

        // The last bytes may be the mark, so they stay here until more has come.
        var count = Math.Min(buffer.Length, _end - _start - Mark.Length);
        _held.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }

    private sealed class Appended(Stream first, byte[] second) : Stream
    {
        private int _taken = -1;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            _taken < 0 && first.Read(buffer, offset, count) is > 0 and var read ? read : Rest(buffer.AsSpan(offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _taken < 0 && await first.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read ? read : Rest(buffer.Span);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                first.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Rest(Span<byte> buffer)
        {
            _taken = Math.Max(_taken, 0);
            var count = Math.Min(buffer.Length, second.Length - _taken);
            second.AsSpan(_taken, count).CopyTo(buffer);
            _taken += count;
            return count;
        }
    }
}
