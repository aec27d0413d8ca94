using System.IO.Compression;

namespace Agentic.Agent;

/// <summary>A trajectory's line as the ledger stores it: Brotli at its fastest, since text and structure say the same twice.</summary>
internal static class StoredLine
{
    private const int Quality = 1;
    private const int Window = 18;

    public static byte[] Pack(byte[] line)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(line.Length)];
        return BrotliEncoder.TryCompress(line, packed, out var length, Quality, Window) ? packed[..length] : throw new InvalidOperationException("the longest a packed line can be is too short");
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static byte[] Unpack(byte[] packed)
    {
        using var unpacking = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var line = new MemoryStream(8 * packed.Length);
        try
        {
            unpacking.CopyTo(line);
        }
        catch (InvalidOperationException damage)
        {
            throw new InvalidDataException("the packed line is damaged", damage);
        }

        return line.ToArray();
    }
}
