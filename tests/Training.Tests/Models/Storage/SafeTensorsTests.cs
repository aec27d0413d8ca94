using System.Buffers.Binary;
using System.Text;
using Agentic.Retrieval;
using Agentic.TestSupport;
using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class SafeTensorsTests
{
    [Fact]
    public void Tensors_are_written_as_the_format_says()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();

        SafeTensorsFile.Write(stream, [("b", tensor(new[] { 1f, 2f })), ("a", tensor(3f)), ("wide", tensor(new long[,] { { 4 } }))]);

        // Larger elements first, then by name; offsets from the end of the header; padded with spaces to eight bytes.
        const string Header = """{"__metadata__":{"format":"pt"},"wide":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""";
        var padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        var bytes = stream.ToArray();
        Assert.Equal((ulong)padded.Length, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(padded, Encoding.UTF8.GetString(bytes, 8, padded.Length));
        Assert.Equal([4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 64, 0, 0, 128, 63, 0, 0, 0, 64], bytes[(8 + padded.Length)..]);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void What_is_written_is_read_back_exactly(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var noise = new Generator(2, CPU);
        var path = Path.Combine(folder.Path, "t.safetensors");
        var value = randn([3, 5], generator: noise).to(type);
        using (var stream = File.Create(path))
        {
            SafeTensorsFile.Write(stream, [("x", value), ("none", zeros(0, 4, dtype: type))]);
        }

        using var file = SafeTensorsFile.Open(path);

        Assert.True(file.Read(file.Entries["x"]).eq(value).all().item<bool>());
        Assert.Equal([0, 4], file.Read(file.Entries["none"]).shape);
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "", "JSON" },
        { "[]", "StartArray" },
        { "{", "JSON" },
        { """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} trailing""", "JSON" },
        { """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", "twice" },
        { """{"__metadata__":{},"__metadata__":{},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "twice" },
        { """{"__metadata__":{"a":1},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "String" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "8 bytes by its shape" },
        { """{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "gap" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "outside" },
        { """{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "4 bytes of data" },
        { """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "overlaps" },
        { """{"x":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}""", "larger than any file" },
        { """{"x":{"dtype":"F32","shape":[18446744073709551617],"data_offsets":[0,4]}}""", "number" },
        { """{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "number" },
        { """{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "number" },
        { """{"x":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", "too many" },
        { """{"x":{"dtype":"F3","shape":[1],"data_offsets":[0,4]}}""", "'F3'" },
        { """{"x":{"dtype":"F32","shape":[1],"offsets":[0,4]}}""", "'offsets'" },
        { """{"x":{"dtype":"F32","shape":[1]}}""", "lacks" },
        { """{"x\u0000":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "control" },
        { """{"x":{"dtype":"F32","shape":[[[[[[[[1]]]]]]]],"data_offsets":[0,4]}}""", "numbers" },
        { """{"x":[[[[[[[[[[1]]]]]]]]]]}""", "StartArray" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_lying_header_is_refused_with_its_lie(string header, string expected)
    {
        var problem = Assert.Throws<InputFormatException>(() => SafeTensorsHeader.Parse("m", Encoding.UTF8.GetBytes(header), dataLength: 4));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 62)]
    [InlineData(100_000_001UL)]
    [InlineData(9UL)]
    public void A_header_longer_than_its_file_is_refused_before_it_is_read(ulong length)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "m.safetensors");
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(path, bytes);

        Assert.Throws<InputFormatException>(() => SafeTensorsFile.Open(path));
    }

    /// <summary>A sound file with random bytes put over random places: it is read or refused, and never costs more than a few times its size.</summary>
    [Fact]
    public void Damage_is_refused_without_a_crash_or_a_large_allocation()
    {
        var sound = Sound();
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).List[1, 8].Sample(damage =>
        {
            using var folder = new TemporaryFolder();
            var bytes = (byte[])sound.Clone();
            damage.ForEach(one => bytes[one.Item1] = one.Item2);
            var path = Path.Combine(folder.Path, "m.safetensors");
            File.WriteAllBytes(path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var scope = NewDisposeScope();
                using var file = SafeTensorsFile.Open(path);
                Assert.True(file.Entries.Values.Sum(entry => entry.Length) < sound.Length);
            }
            catch (InputFormatException)
            {
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        }, iter: 2000, threads: 1);
    }

    /// <summary>Cut anywhere, a file is refused.</summary>
    [Fact]
    public void A_truncated_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var sound = Sound();
        var path = Path.Combine(folder.Path, "m.safetensors");
        for (var length = 0; length < sound.Length; length += 7)
        {
            File.WriteAllBytes(path, sound[..length]);

            Assert.Throws<InputFormatException>(() => SafeTensorsFile.Open(path).Dispose());
        }
    }

    private static byte[] Sound()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, [("first.weight", ones(3, 4)), ("second.bias", ones(5, dtype: ScalarType.BFloat16)), ("third", ones(2, 2, 2))]);
        return stream.ToArray();
    }
}
