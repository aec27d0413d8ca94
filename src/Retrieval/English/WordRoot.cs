namespace Agentic.Retrieval;

/// <summary>
/// Roots that join a verb with its agent and its act (directed, director, direction): the Porter stem without its last
/// derivational ending. Coarser than a stem; used to compare words near a mention, never to index.
/// </summary>
internal static class WordRoot
{
    private const int ShortestRoot = 3;
    private static readonly string[] Endings = ["ation", "ator", "ion", "or", "er", "e"];

    /// <summary>The root of one folded, lower-case word.</summary>
    public static string Of(string folded)
    {
        var stem = PorterStemming.Stem(folded);
        foreach (var ending in Endings)
        {
            if (stem.Length >= ShortestRoot + ending.Length && stem.EndsWith(ending, StringComparison.Ordinal))
            {
                return stem[..^ending.Length];
            }
        }

        return stem;
    }
}
