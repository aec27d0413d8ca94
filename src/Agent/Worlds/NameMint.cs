using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Invents words that no other entity of the world has and no world of another split can have.</summary>
/// <remarks>
/// A word is two (sometimes three) different syllables and perhaps a final consonant. Which split a word belongs to is decided by a hash of the word:
/// six of eight train, one development, one test.
/// </remarks>
internal sealed class NameMint(WorldSplit split, Random random)
{
    private const string Consonants = "bdfghklmnprstvz";
    private const string Vowels = "aeiou";
    private const string Finals = "nrlsm";
    private const double Closed = 0.6;
    private const double Long = 0.12;

    /// <summary>Left out because they make words that people know or wince at.</summary>
    private static readonly string[] Refused = ["fu", "gi", "ni", "pi", "pu"];

    private static readonly string[] Syllables =
        [.. from consonant in Consonants from vowel in Vowels let syllable = $"{consonant}{vowel}" where !Refused.Contains(syllable) select syllable];

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The split that a word of a name belongs to.</summary>
    public static WorldSplit SplitOf(string word) => (StableHash.Of(word) % 8) switch { 6 => WorldSplit.Development, 7 => WorldSplit.Test, _ => WorldSplit.Train };

    /// <summary>A name by its pattern, with a new word for each star.</summary>
    public string Name(string pattern)
    {
        while (pattern.IndexOf('*', StringComparison.Ordinal) is var at and >= 0)
        {
            pattern = pattern[..at] + Word() + pattern[(at + 1)..];
        }

        return pattern;
    }

    private string Word()
    {
        while (true)
        {
            var word = Draw();
            if (SplitOf(word) == split && !IsEnglish(word) && _used.Add(word))
            {
                return word;
            }
        }
    }

    private string Draw()
    {
        var (first, second, third) = (Syllable(), Syllable(), random.NextDouble() < Long ? Syllable() : "");
        while (second == first)
        {
            second = Syllable();
        }

        while (third.Length > 0 && (third == first || third == second))
        {
            third = Syllable();
        }

        var stem = first + second + third;
        var isClosed = stem[^1] == 'e' || random.NextDouble() < Closed; // an open e would look like an English word
        return char.ToUpperInvariant(stem[0]) + stem[1..] + (isClosed ? Finals[random.Next(Finals.Length)].ToString() : "");
    }

    private string Syllable() => Syllables[random.Next(Syllables.Length)];

    private static bool IsEnglish(string word)
    {
        var folded = word.ToLowerInvariant();
        return FunctionWords.Contains(folded) || CountryLexicon.TryFind(word, out _) || WordLists.Starters.Contains(folded);
    }
}
