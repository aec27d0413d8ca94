using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Agentic.Retrieval;

/// <summary>Streams the objects of a JSON Lines file or of one big JSON array, plain or gzip, in bounded memory.</summary>
/// <remarks>
/// Anything broken is an <see cref="InputFormatException"/> with file and line: damaged gzip, invalid UTF-8, a record that is no JSON object,
/// a last line cut off, a record longer than the limit. Blank lines and a byte order mark are passed over.
/// </remarks>
internal sealed class JsonRecordReader : IDisposable
{
    /// <summary>Longest record in bytes, 16 MiB; more is refused before it is read, so that a broken file cannot use up the memory.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    private readonly string _path;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;
    private bool _passesOver;
    private long _line = 1;

    private JsonRecordReader(string path, Stream stream) => (_path, _stream) = (path, stream);

    /// <summary>The records of <paramref name="path"/> in order; each is valid until the next is asked for.</summary>
    public static IAsyncEnumerable<JsonRecord> ReadAsync(string path, CancellationToken cancellationToken) => RecordsAsync(path, passesOver: false, cancellationToken).Select(item => item.Record);

    /// <summary>The same for whoever looks for all that is wrong: a broken line comes with its problem, and the next ones after it.</summary>
    public static IAsyncEnumerable<(JsonRecord Record, InputFormatException? Problem)> ReadAllAsync(string path, CancellationToken cancellationToken) =>
        RecordsAsync(path, passesOver: true, cancellationToken);

    public void Dispose() => _stream.Dispose();

    private static async IAsyncEnumerable<(JsonRecord Record, InputFormatException? Problem)> RecordsAsync(string path, bool passesOver, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new JsonRecordReader(path, TextSource.Open(path)) { _passesOver = passesOver };
        await reader.PassByteOrderMarkAsync(cancellationToken).ConfigureAwait(false);
        var first = await reader.PeekAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var item in (first == (byte)'[' ? reader.ArrayAsync(cancellationToken) : reader.LinesAsync(cancellationToken)).ConfigureAwait(false))
        {
            yield return item;
        }
    }

    /// <summary>Skips blanks and returns the byte behind them without taking it; null at the end.</summary>
    private async Task<byte?> PeekAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                _line += _buffer[_start++] == (byte)'\n' ? 1 : 0;
            }

            if (_start < _end)
            {
                return _buffer[_start];
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    private async Task PassByteOrderMarkAsync(CancellationToken cancellationToken)
    {
        while (_end < 3 && await FillAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        if (_buffer.AsSpan(0, _end).StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]))
        {
            _start = 3;
        }
    }

    private async IAsyncEnumerable<(JsonRecord Record, InputFormatException? Problem)> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var searched = _start;
            int newline;
            while ((newline = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n')) < 0)
            {
                var offset = _end - _start;
                if (!await FillAsync(cancellationToken).ConfigureAwait(false))
                {
                    break;
                }

                searched = _start + offset;
            }

            var torn = newline < 0;
            var end = torn ? _end : searched + newline;
            if (!_buffer.AsSpan(_start, end - _start).Trim(" \t\r"u8).IsEmpty)
            {
                var (document, problem) = await ParseAsync(_buffer.AsMemory(_start, end - _start), torn, cancellationToken).ConfigureAwait(false);
                using (document)
                {
                    yield return (new JsonRecord(_path, _line, document?.RootElement ?? default), problem);
                }
            }

            if (torn)
            {
                yield break;
            }

            _start = end + 1;
            _line++;
        }
    }

    private async IAsyncEnumerable<(JsonRecord Record, InputFormatException? Problem)> ArrayAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _start++;
        while (true)
        {
            switch (await PeekAsync(cancellationToken).ConfigureAwait(false))
            {
                case null:
                    throw new InputFormatException(_path, _line, "the list ends without its ]; the file may have been copied incompletely");
                case (byte)']':
                    yield break;
                case (byte)',':
                    _start++;
                    continue;
            }

            var length = await ElementLengthAsync(cancellationToken).ConfigureAwait(false);
            var (document, problem) = await ParseAsync(_buffer.AsMemory(_start, length), torn: false, cancellationToken).ConfigureAwait(false);
            using (document)
            {
                yield return (new JsonRecord(_path, _line, document?.RootElement ?? default), problem);
            }

            _line += _buffer.AsSpan(_start, length).Count((byte)'\n');
            _start += length;
        }
    }

    /// <summary>Length of the element that begins at the start: up to the bracket that closes it, or the comma after a bare value.</summary>
    private async Task<int> ElementLengthAsync(CancellationToken cancellationToken)
    {
        var (depth, quoted, escaped) = (0, false, false);
        for (var length = 0; ; length++)
        {
            if (_start + length == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new InputFormatException(_path, _line, "the last element of the list is cut off; the file may have been copied incompletely");
            }

            var c = _buffer[_start + length];
            if (quoted)
            {
                quoted = escaped || c != (byte)'"';
                escaped = !escaped && c == (byte)'\\';
                continue;
            }

            switch (c)
            {
                case (byte)'"':
                    quoted = true;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when depth == 1:
                    return length + 1;
                case (byte)'}' or (byte)']' when depth > 1:
                    depth--;
                    break;
                case (byte)',' or (byte)']' when depth == 0 && length > 0:
                    return length;
            }
        }
    }

    private async ValueTask<(JsonDocument? Document, InputFormatException? Problem)> ParseAsync(ReadOnlyMemory<byte> utf8, bool torn, CancellationToken cancellationToken)
    {
        try
        {
            return (JsonRecord.Parse(_path, _line, utf8, torn), null);
        }
        catch (InputFormatException problem) when (_passesOver)
        {
            return (null, problem);
        }
        catch (InputFormatException) when (_stream is CheckedGzipStream)
        {
            // Damaged gzip can come out as nonsense before it is noticed: only a sound file may be blamed for its content.
            var rest = new byte[_buffer.Length];
            try
            {
                while (await _stream.ReadAsync(rest, cancellationToken).ConfigureAwait(false) > 0)
                {
                }
            }
            catch (InvalidDataException exception)
            {
                throw TextSource.Damaged(_path, _line, exception);
            }

            throw;
        }
    }

    /// <summary>Reads more behind what is there, which moves to the front; false at the end of the file.</summary>
    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= MaxRecordBytes)
            {
                throw new InputFormatException(_path, _line, $"is longer than {MaxRecordBytes / (1024 * 1024)} MiB, the most one row may have; split the document");
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        try
        {
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            _ended = read == 0;
            return read > 0;
        }
        catch (InvalidDataException exception)
        {
            throw TextSource.Damaged(_path, _line, exception);
        }
    }
}
