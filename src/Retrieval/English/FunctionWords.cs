namespace Agentic.Retrieval;

/// <summary>English words of grammar (articles, pronouns, auxiliaries, prepositions, question words): they name nothing and carry no topic.</summary>
internal static class FunctionWords
{
    private static readonly HashSet<string> Words = Load();

    /// <summary>True for a folded, lower-case word of grammar.</summary>
    public static bool Contains(string folded) => Words.Contains(folded);

    private static HashSet<string> Load()
    {
        using var stream = typeof(FunctionWords).Assembly.GetManifestResourceStream("Agentic.Retrieval.English.Data.function-words.txt")!;
        using var reader = new StreamReader(stream);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                words.UnionWith(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return words;
    }
}
