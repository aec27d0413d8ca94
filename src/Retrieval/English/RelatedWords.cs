namespace Agentic.Retrieval;

/// <summary>Words by which a text states what a question asks with another word: "married" for "wife", "score" for "composer".</summary>
internal static class RelatedWords
{
    private static readonly Dictionary<string, string[]> Words = Load();

    /// <summary>Folded words related to one folded word of a question; empty for most.</summary>
    public static IReadOnlyList<string> Of(string folded) => Words.GetValueOrDefault(folded, []);

    private static Dictionary<string, string[]> Load()
    {
        using var stream = typeof(RelatedWords).Assembly.GetManifestResourceStream("Agentic.Retrieval.English.Data.related-words.txt")!;
        using var reader = new StreamReader(stream);
        var words = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            {
                words.Add(line[..colon], line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return words;
    }
}
