using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Agentic.Training;

/// <summary>The bytes of a reference store; all numbers are little-endian.</summary>
/// <remarks>
/// <para>Header: <see cref="Magic"/>, int32 length, the fingerprint as JSON, checksum of all before it.</para>
/// <para>
/// Then blocks, one for each batch: int32 length of the payload, checksum of offset and length, payload, checksum of offset and payload. A payload is rows one after the other:
/// 32 bytes of digest, int32 number of values, the values. A checksum is the first 8 bytes of a SHA-256; with the offset in it no block can stand in another's place.
/// </para>
/// </remarks>
internal static class ReferenceFileFormat
{
    public const int ChecksumBytes = 8;
    public const int DigestBytes = 32;

    /// <summary>Bytes of a block before its payload.</summary>
    public const int BlockHeadBytes = sizeof(int) + ChecksumBytes;

    /// <summary>Longest header that is believed; a real one has about 200 bytes.</summary>
    private const int MaxHeaderBytes = 4096;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static ReadOnlySpan<byte> Magic => "AGREFLP1"u8;

    public static byte[] Header(ReferenceFingerprint fingerprint)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(fingerprint, Json);
        var header = new byte[Magic.Length + sizeof(int) + json.Length + ChecksumBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length), json.Length);
        json.CopyTo(header.AsSpan(Magic.Length + sizeof(int)));
        Checksum(0, header.AsSpan(0, header.Length - ChecksumBytes), header.AsSpan(header.Length - ChecksumBytes));
        return header;
    }

    /// <summary>The fingerprint of a file and the length of its header; null when the file does not begin with a sound one.</summary>
    public static (ReferenceFingerprint Fingerprint, int Length)? ReadHeader(Stream stream)
    {
        var start = new byte[Magic.Length + sizeof(int)];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Magic.Length)) is not (> 0 and <= MaxHeaderBytes and var length))
        {
            return null;
        }

        var header = new byte[start.Length + length + ChecksumBytes];
        start.CopyTo(header, 0);
        if (stream.ReadAtLeast(header.AsSpan(start.Length), length + ChecksumBytes, throwOnEndOfStream: false) < length + ChecksumBytes
            || !IsSound(0, header.AsSpan(0, header.Length - ChecksumBytes), header.AsSpan(header.Length - ChecksumBytes)))
        {
            return null;
        }

        return JsonSerializer.Deserialize<ReferenceFingerprint>(header.AsSpan(start.Length, length), Json) is { } fingerprint ? (fingerprint, header.Length) : null;
    }

    /// <summary>A whole block for its place in the file.</summary>
    public static byte[] Block(long offset, ReadOnlySpan<byte> payload)
    {
        var block = new byte[BlockHeadBytes + payload.Length + ChecksumBytes];
        BinaryPrimitives.WriteInt32LittleEndian(block, payload.Length);
        Checksum(offset, block.AsSpan(0, sizeof(int)), block.AsSpan(sizeof(int), ChecksumBytes));
        payload.CopyTo(block.AsSpan(BlockHeadBytes));
        Checksum(offset, payload, block.AsSpan(BlockHeadBytes + payload.Length));
        return block;
    }

    /// <summary>Length of the payload that a block's head announces; null when the head is damaged.</summary>
    public static int? PayloadLength(long offset, ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        return length > 0 && IsSound(offset, head[..sizeof(int)], head[sizeof(int)..BlockHeadBytes]) ? length : null;
    }

    /// <summary>True when a payload is as it was written at this place.</summary>
    public static bool IsSound(long offset, ReadOnlySpan<byte> content, ReadOnlySpan<byte> checksum)
    {
        Span<byte> expected = stackalloc byte[ChecksumBytes];
        Checksum(offset, content, expected);
        return expected.SequenceEqual(checksum);
    }

    private static void Checksum(long offset, ReadOnlySpan<byte> content, Span<byte> checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, offset);
        hash.AppendData(bytes[..sizeof(long)]);
        hash.AppendData(content);
        hash.GetHashAndReset(bytes);
        bytes[..ChecksumBytes].CopyTo(checksum);
    }
}
