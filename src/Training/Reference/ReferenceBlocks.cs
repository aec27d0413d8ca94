using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Reads the blocks of a reference store and tells a torn end from damage.</summary>
/// <remarks>
/// Torn is what a kill or a loss of power can leave at the end: a block that the file does not hold whole, a last block that is not as it was written, zeros to the end.
/// Everything else that is not as it was written is damage.
/// </remarks>
internal static class ReferenceBlocks
{
    /// <summary>The sound blocks from an offset to the end or to the torn one: payload, its offset, and the offset behind the block.</summary>
    /// <exception cref="InputFormatException">A block is damaged.</exception>
    public static IEnumerable<(byte[] Payload, long Offset, long End)> Read(string path, FileStream file, long start)
    {
        var head = new byte[ReferenceFileFormat.BlockHeadBytes];
        for (long at = start, end; file.Length - at >= head.Length; at = end)
        {
            file.Position = at;
            file.ReadExactly(head);
            if (ReferenceFileFormat.PayloadLength(at, head) is not { } length)
            {
                if (IsZeroToTheEnd(file, head))
                {
                    yield break;
                }

                throw Damaged(path, $"the block at byte {at} is not as it was written");
            }

            end = at + head.Length + length + ReferenceFileFormat.ChecksumBytes;
            if (file.Length < end)
            {
                yield break;
            }

            var (payload, checksum) = (new byte[length], new byte[ReferenceFileFormat.ChecksumBytes]);
            file.ReadExactly(payload);
            file.ReadExactly(checksum);
            if (!ReferenceFileFormat.IsSound(at, payload, checksum))
            {
                if (file.Length == end)
                {
                    yield break;
                }

                throw Damaged(path, $"the block at byte {at} is not as it was written");
            }

            yield return (payload, at + head.Length, end);
        }
    }

    public static InputFormatException Damaged(string path, string what) => new(path, 0, $"{what}; restore the file, or remove it to have it made again");

    // After a loss of power the length of a file may have been kept and what was written last not.
    private static bool IsZeroToTheEnd(FileStream file, byte[] head)
    {
        var buffer = new byte[64 * 1024];
        var isZero = !head.AsSpan().ContainsAnyExcept((byte)0);
        for (int read; isZero && (read = file.Read(buffer)) > 0;)
        {
            isZero = !buffer.AsSpan(0, read).ContainsAnyExcept((byte)0);
        }

        return isZero;
    }
}
