using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>How surely two ways of writing a name mean the same entity, without a corpus to look into.</summary>
internal static class EntityMatch
{
    /// <summary>Below this a match is no match.</summary>
    public const double Least = 0.55;

    private const double LeastOfWord = 0.25;

    /// <summary>1 for equal names, falling for names without bracket, rank, honorifics or middle names, 0 for different ones.</summary>
    public static double Score(string sought, string written)
    {
        var (a, b) = (EntityName.Key(sought), EntityName.Key(written));
        if (a == b)
        {
            return a.Length > 0 ? 1 : 0;
        }

        var (bareA, bareB) = (EntityName.Key(Subject.WithoutBracket(sought)), EntityName.Key(Subject.WithoutBracket(written)));
        if (bareA == bareB)
        {
            // Both brackets differ: namesakes such as two films of different years.
            return bareA != a && bareB != b ? 0.6 : 0.95;
        }

        if (Numerals(bareA) is { Count: > 0 } numerals && Numerals(bareB) is { Count: > 0 } others && !numerals.SetEquals(others))
        {
            return 0;
        }

        var (wordsA, wordsB) = (Words(bareA), Words(bareB));
        if (wordsA.Length == 0 || wordsB.Length == 0)
        {
            return 0;
        }

        if (BeforeComma(sought) == BeforeComma(written))
        {
            return 0.85;
        }

        return wordsA.SequenceEqual(wordsB, StringComparer.Ordinal) ? 0.93 : Overlap(wordsA, wordsB, bareA, bareB);
    }

    private static double Overlap(string[] a, string[] b, string keyA, string keyB)
    {
        var shared = a.Intersect(b, StringComparer.Ordinal).Count();
        if (shared == Math.Min(a.Length, b.Length) && shared >= 2)
        {
            return 0.8;
        }

        // First and last word equal: a middle name more or less.
        if (a.Length > 1 && b.Length > 1 && a[0] == b[0] && a[^1] == b[^1])
        {
            return 0.75;
        }

        var similarity = Trigrams(keyA, keyB);
        return similarity >= Least && a.All(word => b.Any(other => Trigrams(word, other) >= LeastOfWord)) && b.All(word => a.Any(other => Trigrams(word, other) >= LeastOfWord))
            ? 0.9 * similarity
            : 0;
    }

    // "Bernhard II" and "Bernhard III", the 4th Earl and the 5th are different people.
    private static HashSet<string> Numerals(string key) =>
        key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => char.IsAsciiDigit(word[0]) || (word.Length <= 5 && word.All(c => c is 'i' or 'v' or 'x'))).ToHashSet(StringComparer.Ordinal);

    private static string[] Words(string key) =>
        [.. key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where((word, i) => !WordLists.Honorifics.Contains(word) && word is not ("the" or "of" or "de"))];

    private static string BeforeComma(string name) => EntityName.Key(name.Split(',', '(')[0]);

    // Jaccard similarity of character trigrams, for variants of spelling.
    private static double Trigrams(string a, string b)
    {
        var (left, right) = (Grams(a), Grams(b));
        var shared = left.Count(right.Contains);
        return (double)shared / (left.Count + right.Count - shared);
    }

    private static HashSet<string> Grams(string key)
    {
        var padded = $" {key} ";
        return Enumerable.Range(0, padded.Length - 2).Select(i => padded.Substring(i, 3)).ToHashSet(StringComparer.Ordinal);
    }
}
