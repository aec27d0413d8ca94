namespace Agentic.Retrieval;

/// <summary>English words of grammar (articles, pronouns, auxiliaries, prepositions, question words): they name nothing and carry no topic.</summary>
internal static class FunctionWords
{
    private static readonly HashSet<string> Words = new(
        EnglishData.Lines("function-words.txt").SelectMany(line => EnglishData.Split(line, ' ')), StringComparer.Ordinal);

    /// <summary>True for a folded, lower-case word of grammar.</summary>
    public static bool Contains(string folded) => Words.Contains(folded);
}
