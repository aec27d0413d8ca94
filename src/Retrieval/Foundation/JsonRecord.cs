using System.Text.Json;
using System.Text.Unicode;

namespace Agentic.Retrieval;

/// <summary>One JSON object of a file, with its place, so that whatever is wrong with it can be said precisely.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">1-based line on which it begins.</param>
/// <param name="Value">Valid until the reader moves on.</param>
internal readonly record struct JsonRecord(string Path, long Line, JsonElement Value)
{
    /// <summary>The text of the first of <paramref name="names"/> that is there; null when none is (or is null).</summary>
    /// <exception cref="InputFormatException">It is not a string.</exception>
    public string? OptionalString(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Value.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return Text(value, name);
            }
        }

        return null;
    }

    /// <summary>As <see cref="OptionalString"/>, but it must be there and not blank.</summary>
    public string RequiredString(params ReadOnlySpan<string> names)
    {
        var text = OptionalString(names);
        return string.IsNullOrWhiteSpace(text) ? throw Broken($"has no \"{names[0]}\"; give every row a non-empty text there") : text;
    }

    /// <summary>A string, or a number written as one (ids are numbers in some files).</summary>
    public string RequiredId(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Value.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number)
            {
                return value.GetRawText();
            }
        }

        return RequiredString(names);
    }

    /// <summary>The elements of a list; none when the field is absent or null.</summary>
    public IEnumerable<JsonElement> Elements(string name) => Elements(Value, name);

    /// <summary>The elements of a list inside an element of this record.</summary>
    public IEnumerable<JsonElement> Elements(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Broken($"\"{name}\" must be a list, not {Describe(value)}");
    }

    /// <summary>The elements of a list of texts; none when the field is absent or null.</summary>
    public IReadOnlyList<string> Strings(string name)
    {
        var record = this;
        return [.. Elements(name).Select(element => record.Text(element, name))];
    }

    /// <summary>A text that must be there inside an element of this record.</summary>
    public string Member(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        ? Text(value, name)
        : throw Broken($"holds an element without \"{name}\"");

    /// <summary>The text of an element of this record.</summary>
    public string Text(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            throw Broken($"\"{name}\" must be a text, not {Describe(element)}");
        }

        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new InputFormatException(Path, Line, $"\"{name}\" holds half of a surrogate pair (\\ud800 to \\udfff alone); write the whole character", exception);
        }
    }

    public InputFormatException Broken(string reason) => new(Path, Line, reason);

    /// <summary>The object in a stretch of bytes.</summary>
    /// <param name="torn">True for a last line without its line break: what breaks there was probably cut off.</param>
    internal static JsonDocument Parse(string path, long line, ReadOnlyMemory<byte> utf8, bool torn)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            throw new InputFormatException(path, line, "is not valid UTF-8; save the file in that encoding");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8);
        }
        catch (JsonException exception)
        {
            var reason = torn ? "the last line is cut off; the file may have been copied incompletely" : $"is not JSON (column {exception.BytePositionInLine + 1})";
            throw new InputFormatException(path, line, reason, exception);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        var found = Describe(document.RootElement);
        document.Dispose();
        throw new InputFormatException(path, line, $"must be a JSON object {{...}}, but is {found}");
    }

    internal static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        JsonValueKind.Null or JsonValueKind.Undefined => "nothing",
        _ => "true or false",
    };
}
