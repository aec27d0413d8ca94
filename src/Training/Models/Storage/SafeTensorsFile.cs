using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>A safetensors file: eight bytes of header length, the header, the data.</summary>
internal sealed class SafeTensorsFile : IDisposable
{
    private const int Buffer = 1 << 20;
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly long _dataStart;

    private SafeTensorsFile(string path, FileStream stream, long dataStart, IReadOnlyList<SafeTensorsEntry> entries)
    {
        (_path, _stream, _dataStart) = (path, stream, dataStart);
        Entries = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>Its tensors by name.</summary>
    public IReadOnlyDictionary<string, SafeTensorsEntry> Entries { get; }

    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="InputFormatException">The file is not sound.</exception>
    public static SafeTensorsFile Open(string path)
    {
        var stream = File.OpenRead(path);
        try
        {
            Span<byte> length = stackalloc byte[8];
            if (stream.ReadAtLeast(length, 8, throwOnEndOfStream: false) < 8)
            {
                throw new InputFormatException(path, 0, "is no sound safetensors file: it has fewer than eight bytes; copy or download it again");
            }

            var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(length);
            if (headerLength > SafeTensorsHeader.MaxLength || (long)headerLength > stream.Length - 8)
            {
                throw new InputFormatException(path, 0, $"is no sound safetensors file: its header is said to be {headerLength} bytes long, the file is {stream.Length}; copy or download it again");
            }

            var header = new byte[headerLength];
            stream.ReadExactly(header);
            var dataStart = 8 + (long)headerLength;
            return new SafeTensorsFile(path, stream, dataStart, SafeTensorsHeader.Parse(path, header, stream.Length - dataStart));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A new tensor on the CPU in the file's own type.</summary>
    /// <exception cref="InputFormatException">Its type is not read.</exception>
    public Tensor Read(SafeTensorsEntry entry)
    {
        var type = entry.TorchType ?? throw new InputFormatException(_path, 0, $"'{entry.Name}' has the type {entry.Type}; store it as F32, F16 or BF16");
        var value = empty(entry.Shape, dtype: type);
        if (entry.Length > 0)
        {
            _stream.Seek(_dataStart + entry.Start, SeekOrigin.Begin);
            value.ReadBytesFromStream(_stream, Buffer);
        }

        return value;
    }

    /// <summary>Writes tensors as the format's own library does: larger types first, then by name, header padded to eight bytes. Equal tensors give equal bytes.</summary>
    public static void Write(Stream stream, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var ordered = tensors.OrderByDescending(tensor => tensor.Value.ElementSize).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
        var header = new List<byte>(Header(ordered));
        while (header.Count % 8 != 0)
        {
            header.Add((byte)' ');
        }

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Count);
        stream.Write(length);
        stream.Write([.. header]);
        foreach (var (_, value) in ordered.Where(tensor => tensor.Value.numel() > 0))
        {
            using var scope = NewDisposeScope();
            value.detach().cpu().contiguous().WriteBytesToStream(stream, Buffer);
        }
    }

    private static byte[] Header(IEnumerable<(string Name, Tensor Value)> ordered)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");
            writer.WriteEndObject();
            long start = 0;
            foreach (var (name, value) in ordered)
            {
                var end = start + (value.numel() * value.ElementSize);
                writer.WriteStartObject(name);
                writer.WriteString("dtype", SafeTensorsEntry.Spell(value.dtype));
                Numbers(writer, "shape", value.shape);
                Numbers(writer, "data_offsets", [start, end]);
                writer.WriteEndObject();
                start = end;
            }

            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    private static void Numbers(Utf8JsonWriter writer, string name, IEnumerable<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    public void Dispose() => _stream.Dispose();
}
