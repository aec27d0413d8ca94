using System.Buffers.Binary;
using System.Text;

namespace Agentic.Training;

/// <summary>The symbol versions that a 64-bit little-endian ELF library asks of others, in its section .gnu.version_r.</summary>
internal static class ElfVersionNeeds
{
    private const uint VerNeedSection = 0x6ffffffe;
    private const int SectionHeaderSize = 64;
    private const ushort Weak = 2;

    /// <summary>Sets the weak flag on each need of <paramref name="version"/>: the loader then goes on where no library offers it.</summary>
    /// <returns>Number of needs that were changed; 0 when the file asks for no such version or is not such a library.</returns>
    public static int MakeWeak(Span<byte> file, string version)
    {
        if (file.Length < SectionHeaderSize || !file[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            return 0;
        }

        var sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[40..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(file[60..]);
        var changed = 0;
        for (var index = 0; index < count; index++)
        {
            var header = file.Slice(sections + (index * SectionHeaderSize), SectionHeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == VerNeedSection)
            {
                var names = file.Slice(sections + ((int)BinaryPrimitives.ReadUInt32LittleEndian(header[40..]) * SectionHeaderSize), SectionHeaderSize);
                changed += MakeWeak(Content(file, header), Content(file, names), Encoding.ASCII.GetBytes(version));
            }
        }

        return changed;
    }

    private static Span<byte> Content(Span<byte> file, Span<byte> header) =>
        file.Slice((int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..]), (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]));

    /// <summary>Walks the two linked lists of the section: libraries (Verneed), and for each the versions asked of it (Vernaux).</summary>
    private static int MakeWeak(Span<byte> needs, Span<byte> names, byte[] version)
    {
        var changed = 0;
        for (int library = 0, next = -1; next != 0; library += next)
        {
            next = (int)BinaryPrimitives.ReadUInt32LittleEndian(needs[(library + 12)..]);
            var entry = library + (int)BinaryPrimitives.ReadUInt32LittleEndian(needs[(library + 8)..]);
            for (int left = BinaryPrimitives.ReadUInt16LittleEndian(needs[(library + 2)..]); left > 0; left--)
            {
                var name = names[(int)BinaryPrimitives.ReadUInt32LittleEndian(needs[(entry + 8)..])..];
                if (name[..name.IndexOf((byte)0)].SequenceEqual(version))
                {
                    var flags = needs[(entry + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
                    changed++;
                }

                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(needs[(entry + 12)..]);
            }
        }

        return changed;
    }
}
