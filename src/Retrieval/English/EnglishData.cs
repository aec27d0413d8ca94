namespace Agentic.Retrieval;

/// <summary>The embedded data files of the language; the same files beside another reader would serve another language.</summary>
internal static class EnglishData
{
    /// <summary>The lines of a data file without comments (first character #) and blank lines.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        var name = $"Agentic.Retrieval.English.Data.{file}";
        using var stream = typeof(EnglishData).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The data file {name} is not embedded.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }

    /// <summary>The trimmed, non-empty pieces of <paramref name="text"/>.</summary>
    public static string[] Split(string text, char separator) =>
        text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
