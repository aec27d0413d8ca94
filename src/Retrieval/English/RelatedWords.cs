namespace Agentic.Retrieval;

/// <summary>Words by which a text states what a question asks with another word: "married" for "wife", "score" for "composer".</summary>
internal static class RelatedWords
{
    private static readonly Dictionary<string, string[]> Words = Load();

    /// <summary>Folded words related to one folded word of a question; empty for most.</summary>
    public static IReadOnlyList<string> Of(string folded) => Words.GetValueOrDefault(folded, []);

    private static Dictionary<string, string[]> Load()
    {
        var words = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var line in EnglishData.Lines("related-words.txt"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            words.Add(line[..colon], EnglishData.Split(line[(colon + 1)..], ' '));
        }

        return words;
    }
}
