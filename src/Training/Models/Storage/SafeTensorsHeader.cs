using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>The header of a safetensors file: JSON of names, types, shapes and places, believed only after every number was checked.</summary>
/// <remarks>A file may come from anywhere: nothing is allocated by a number in it, and tensors must fill the data without gap or overlap.</remarks>
internal sealed class SafeTensorsHeader
{
    /// <summary>Most bytes of a header; the limit of the format's own readers.</summary>
    public const long MaxLength = 100_000_000;

    private const int MaxRank = 16;
    private const int MaxNameLength = 1024;
    private readonly string _path;
    private readonly Dictionary<string, SafeTensorsEntry> _entries = new(StringComparer.Ordinal);

    private SafeTensorsHeader(string path) => _path = path;

    /// <summary>The tensors in the order of their data.</summary>
    public static IReadOnlyList<SafeTensorsEntry> Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafeTensorsHeader(path);
        try
        {
            header.Read(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw header.Broken($"its header is not the JSON of safetensors ({exception.Message.ReplaceLineEndings(" ")})", exception);
        }

        return header.InOrder(dataLength);
    }

    private void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        Expect(ref reader, JsonTokenType.StartObject);
        var metadataSeen = false;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (name == "__metadata__")
            {
                ReadMetadata(ref reader, metadataSeen);
                metadataSeen = true;
                continue;
            }

            if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
            {
                throw Broken("a tensor's name is empty, too long or has control characters");
            }

            if (!_entries.TryAdd(name, ReadEntry(ref reader, name)))
            {
                throw Broken($"'{name}' is there twice");
            }
        }

        if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
        {
            throw Broken("its header goes on after its end");
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader, bool seen)
    {
        if (seen)
        {
            throw Broken("'__metadata__' is there twice");
        }

        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            Expect(ref reader, JsonTokenType.String);
        }
    }

    private SafeTensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null, place = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String);
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = Numbers(ref reader, name, MaxRank);
                    break;
                case "data_offsets" when place is null:
                    place = Numbers(ref reader, name, 2);
                    break;
                default:
                    throw Broken($"'{name}' has '{key}', which is unknown or there twice");
            }
        }

        return type is null || shape is null || place is not { Count: 2 }
            ? throw Broken($"'{name}' lacks dtype, shape or data_offsets")
            : Checked(name, type, [.. shape], place[0], place[1]);
    }

    private List<long> Numbers(ref Utf8JsonReader reader, string name, int most)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out var number) || number < 0 || numbers.Count == most)
            {
                throw Broken($"'{name}' has a number that is negative, too large or too many");
            }

            numbers.Add(number);
        }

        return reader.TokenType == JsonTokenType.EndArray ? numbers : throw Broken($"'{name}' has something else than numbers in an array");
    }

    private SafeTensorsEntry Checked(string name, string type, long[] shape, long start, long end)
    {
        var size = SafeTensorsEntry.SizeOf(type) ?? throw Broken($"'{name}' has the type '{type}', which is not known");
        Int128 bytes = size;
        foreach (var extent in shape)
        {
            bytes *= extent;
            if (bytes > long.MaxValue)
            {
                throw Broken($"'{name}' says that it is larger than any file");
            }
        }

        return end >= start && end - start == (long)bytes
            ? new SafeTensorsEntry(name, type, shape, start, end - start)
            : throw Broken($"'{name}' takes {bytes} bytes by its shape and another number by its place");
    }

    private IReadOnlyList<SafeTensorsEntry> InOrder(long dataLength)
    {
        var ordered = _entries.Values.OrderBy(entry => entry.Start).ThenBy(entry => entry.Length).ThenBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        long end = 0;
        foreach (var entry in ordered)
        {
            if (entry.Start != end || entry.Length > dataLength - end)
            {
                throw Broken($"'{entry.Name}' overlaps its neighbour, leaves a gap or lies outside the file");
            }

            end += entry.Length;
        }

        return end == dataLength ? ordered : throw Broken($"it holds {dataLength} bytes of data where its header describes {end}");
    }

    /// <summary>The next token, which must be there.</summary>
    private JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw Broken("its header ends early");

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type)
        {
            throw Broken($"its header has a {reader.TokenType} where a {type} belongs");
        }
    }

    private InputFormatException Broken(string reason, Exception? inner = null) =>
        new(_path, 0, $"is no sound safetensors file: {reason}; copy or download it again", inner);
}
