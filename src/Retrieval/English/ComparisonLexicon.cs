using System.Collections.Frozen;

namespace Agentic.Retrieval;

/// <summary>A word that compares two things.</summary>
/// <param name="Least">True when the smaller value wins ("older", "first").</param>
/// <param name="Relations">What is compared when no verb says, best first; <c>life span</c> is death minus birth.</param>
internal sealed record Comparator(bool Least, IReadOnlyList<string> Relations);

/// <summary>Comparative words of English (data file <c>comparisons.txt</c>).</summary>
internal static class ComparisonLexicon
{
    /// <summary>The relation that is no stored fact but the difference of two.</summary>
    public const string LifeSpan = "life span";

    private static readonly FrozenDictionary<string, Comparator> Words = Load();

    /// <summary>What a folded word compares; false when it does not compare.</summary>
    public static bool TryRead(string folded, out Comparator comparator) => Words.TryGetValue(folded, out comparator!);

    private static FrozenDictionary<string, Comparator> Load()
    {
        var words = new Dictionary<string, Comparator>(StringComparer.Ordinal);
        foreach (var fields in EnglishData.Lines("comparisons.txt").Select(line => line.Split('|', StringSplitOptions.TrimEntries)))
        {
            var comparator = new Comparator(fields[1] == "least", EnglishData.Split(fields[2], ','));
            foreach (var word in EnglishData.Split(fields[0], ','))
            {
                words.Add(word, comparator);
            }
        }

        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
