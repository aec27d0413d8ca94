using System.Buffers.Binary;
using System.Text;

namespace Agentic.Training.Tests;

public sealed class ElfVersionNeedsTests
{
    private const int Names = 64, Needs = 96, Sections = 192;

    [Fact]
    public void Only_the_named_version_becomes_weak()
    {
        var file = Library();

        Assert.Equal(1, ElfVersionNeeds.MakeWeak(file, "NEW_2"));

        Assert.Equal(0, Flags(file, first: true));
        Assert.Equal(2, Flags(file, first: false));
    }

    [Fact]
    public void What_asks_for_no_such_version_stays_as_it_is()
    {
        var file = Library();

        Assert.Equal(0, ElfVersionNeeds.MakeWeak(file, "NEW_3"));

        Assert.Equal(Library(), file);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh")]
    public void A_file_that_is_no_library_stays_as_it_is(string content)
    {
        Assert.Equal(0, ElfVersionNeeds.MakeWeak(Encoding.ASCII.GetBytes(content.PadRight(80)), "NEW_2"));
    }

    private static int Flags(byte[] file, bool first) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(Needs + 16 + (first ? 0 : 16) + 4));

    /// <summary>The least that has version needs: a header, a table of names, one library with two versions, two section headers.</summary>
    private static byte[] Library()
    {
        var file = new byte[Sections + 128];
        "\u007fELF\u0002\u0001"u8.CopyTo(file);
        Put(file, 40, Sections, size: 8);
        Put(file, 60, 2, size: 2);
        Encoding.ASCII.GetBytes("\0lib.so\0OLD_1\0NEW_2\0").CopyTo(file, Names);

        // Verneed: version 1, two entries, the name of the file, entries at 16, no other library.
        Put(file, Needs, 1, 2);
        Put(file, Needs + 2, 2, 2);
        Put(file, Needs + 4, 1, 4);
        Put(file, Needs + 8, 16, 4);
        Put(file, Needs + 16 + 8, 8, 4); // OLD_1
        Put(file, Needs + 16 + 12, 16, 4);
        Put(file, Needs + 32 + 8, 14, 4); // NEW_2

        // Section 0 holds the names, section 1 (SHT_GNU_verneed) points to it.
        Put(file, Sections + 24, Names, 8);
        Put(file, Sections + 32, 32, 8);
        Put(file, Sections + 64 + 4, 0x6ffffffe, 4);
        Put(file, Sections + 64 + 24, Needs, 8);
        Put(file, Sections + 64 + 32, 48, 8);
        return file;
    }

    private static void Put(byte[] file, int at, long value, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(file.AsSpan(at));
    }
}
