// Legend: R = rows, L = positions.
using System.Buffers.Binary;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>What a reference says about a row: the natural log-probability of each trained token, in order.</summary>
/// <param name="RowDigest">Name of the row: hash of its ids and mask, <see cref="ObjectiveBatch.RowDigests"/>.</param>
/// <param name="Values">One for each trained token.</param>
public sealed record ReferenceRow(string RowDigest, IReadOnlyList<double> Values);

/// <summary>A file of reference log-probabilities, row by row, that grows batch by batch and survives a kill at any point.</summary>
/// <remarks>
/// A batch is there as a whole or not at all: what a kill left of the last one is cut off when the store is opened, and made again. Damage before the last batch, and a store
/// of another model, vocabulary or number type, are refused. One process has a store at a time. Values are kept in the number type of the parameters, so they come back bit for bit.
/// <see cref="For"/> is safe from several threads while nothing is appended.
/// </remarks>
public sealed class ReferenceStore : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly bool _isDouble;
    private readonly Dictionary<string, (long Offset, int Count)> _rows = new(StringComparer.Ordinal);
    private long _end;

    private ReferenceStore(string path, FileStream file, ReferenceFingerprint fingerprint)
    {
        (_path, _file, _isDouble) = (path, file, fingerprint.Compute == ComputeType.Float64);
        _end = ClaimHeader(fingerprint);
        foreach (var (payload, offset, end) in ReferenceBlocks.Read(path, file, _end))
        {
            Index(payload, offset);
            _end = end;
        }

        _file.SetLength(_end);
    }

    /// <summary>Number of rows in it.</summary>
    public int Count => _rows.Count;

    private int ValueBytes => _isDouble ? sizeof(double) : sizeof(float);

    /// <summary>Opens a store, or begins one where there is none.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="fingerprint">Whose log-probabilities are wanted.</param>
    /// <exception cref="AgenticException">It is another model's, damaged, no store at all, or in use by another process.</exception>
    public static ReferenceStore Open(string path, ReferenceFingerprint fingerprint)
    {
        ArgumentNullException.ThrowIfNull(fingerprint);
        if (PathObstacle.ForFile(path) is { } obstacle)
        {
            throw new AgenticException($"{path} {obstacle}");
        }

        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new ReferenceStore(path, file, fingerprint);
        }
        catch (Exception problem)
        {
            file?.Dispose();
            if (problem is IOException or UnauthorizedAccessException)
            {
                throw new AgenticException($"{path} cannot be opened: {problem.Message} End the other process, or name another file", problem);
            }

            throw;
        }
    }

    /// <summary>True when the row's values are there.</summary>
    public bool Contains(string rowDigest) => _rows.ContainsKey(rowDigest);

    /// <summary>Adds a batch and makes it durable; rows that are there already stay as they are.</summary>
    /// <exception cref="IOException">It could not be written; nothing of it counts.</exception>
    public void Append(IReadOnlyList<ReferenceRow> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var added = batch.Where(row => !Contains(row.RowDigest)).DistinctBy(row => row.RowDigest, StringComparer.Ordinal).ToArray();
        if (added.Length == 0)
        {
            return;
        }

        var payload = new byte[added.Sum(row => ReferenceFileFormat.DigestBytes + sizeof(int) + (row.Values.Count * ValueBytes))];
        var at = 0;
        foreach (var row in added)
        {
            at = Write(payload, at, row);
        }

        var block = ReferenceFileFormat.Block(_end, payload);
        RandomAccess.Write(_file.SafeFileHandle, block, _end);
        _file.Flush(flushToDisk: true);
        Index(payload, _end + ReferenceFileFormat.BlockHeadBytes);
        _end += block.Length;
    }

    /// <summary>The values of a batch's rows at the places of its mask, [R, L], zero elsewhere, on the batch's device; the caller disposes it.</summary>
    /// <exception cref="AgenticException">A row is not in the store.</exception>
    public Tensor For(ObjectiveBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var digests = batch.RowDigests ?? throw new ArgumentException("its rows have no digests", nameof(batch));
        var mask = batch.Sequences.CompletionMask.cpu().contiguous().data<bool>().ToArray();
        var length = mask.Length / digests.Count;
        var values = new double[mask.Length];
        for (var row = 0; row < digests.Count; row++)
        {
            Place(digests[row], mask.AsSpan(row * length, length), values.AsSpan(row * length, length));
        }

        var type = _isDouble ? ScalarType.Float64 : ScalarType.Float32;
        return tensor(values, dtype: type).reshape(digests.Count, length).to(batch.Sequences.CompletionMask.device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Place(string digest, ReadOnlySpan<bool> mask, Span<double> values)
    {
        if (!_rows.TryGetValue(digest, out var found))
        {
            throw new AgenticException($"{_path} does not hold row {digest[..12]}; fill the store with these data first");
        }

        var bytes = new byte[found.Count * ValueBytes];
        if (mask.Count(true) != found.Count || RandomAccess.Read(_file.SafeFileHandle, bytes, found.Offset) != bytes.Length)
        {
            throw ReferenceBlocks.Damaged(_path, $"row {digest[..12]} has another number of values than trained tokens");
        }

        var next = 0;
        for (var at = 0; at < mask.Length; at++)
        {
            if (mask[at])
            {
                var value = bytes.AsSpan(ValueBytes * next++);
                values[at] = _isDouble ? BinaryPrimitives.ReadDoubleLittleEndian(value) : BinaryPrimitives.ReadSingleLittleEndian(value);
            }
        }
    }

    private int Write(byte[] payload, int at, ReferenceRow row)
    {
        Convert.FromHexString(row.RowDigest).CopyTo(payload.AsSpan(at, ReferenceFileFormat.DigestBytes));
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(at += ReferenceFileFormat.DigestBytes), row.Values.Count);
        at += sizeof(int);
        foreach (var value in row.Values)
        {
            if (_isDouble)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(payload.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteSingleLittleEndian(payload.AsSpan(at), (float)value);
            }

            at += ValueBytes;
        }

        return at;
    }

    private long ClaimHeader(ReferenceFingerprint fingerprint)
    {
        var own = ReferenceFileFormat.Header(fingerprint);
        if (_file.Length < own.Length && IsBeginningOf(own))
        {
            RandomAccess.Write(_file.SafeFileHandle, own, 0);
            _file.Flush(flushToDisk: true);
            return own.Length;
        }

        _file.Position = 0;
        var (stored, length) = ReferenceFileFormat.ReadHeader(_file) ?? throw ReferenceBlocks.Damaged(_path, "it does not begin like a store of reference log-probabilities");
        var differences = fingerprint.DifferencesFrom(stored);
        return differences.Count == 0 ? length : throw new AgenticException($"{_path} holds log-probabilities of {string.Join(" and ", differences)}; name another file, or remove this one to have it made again");
    }

    // A process killed while it began the file leaves a part of the header, or nothing.
    private bool IsBeginningOf(byte[] header)
    {
        var there = new byte[_file.Length];
        _file.Position = 0;
        _file.ReadExactly(there);
        return header.AsSpan().StartsWith(there);
    }

    private void Index(ReadOnlySpan<byte> payload, long offset)
    {
        for (var at = 0; at < payload.Length;)
        {
            var digest = Convert.ToHexStringLower(payload.Slice(at, ReferenceFileFormat.DigestBytes));
            var count = BinaryPrimitives.ReadInt32LittleEndian(payload[(at + ReferenceFileFormat.DigestBytes)..]);
            at += ReferenceFileFormat.DigestBytes + sizeof(int);
            _rows.TryAdd(digest, (offset + at, count));
            at += count * ValueBytes;
        }
    }
}
