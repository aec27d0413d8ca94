using System.Collections.Frozen;

namespace Agentic.Retrieval;

/// <summary>Closed lists of folded, lower-case English words by role (data file <c>words.txt</c>).</summary>
internal static class WordLists
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Lists = Load();

    /// <summary>Month names in calendar order.</summary>
    public static IReadOnlyList<string> Months { get; } = Ordered("months");

    /// <summary>Three-letter month names in calendar order.</summary>
    public static IReadOnlyList<string> ShortMonths { get; } = Ordered("short_months");

    public static FrozenSet<string> Honorifics { get; } = Lists["honorifics"];

    /// <summary>Titles of rank that may follow a comma inside a name ("Hugh, Count of Vermandois").</summary>
    public static FrozenSet<string> Ranks { get; } = Lists["ranks"];

    /// <summary>Lower-case words that may stand inside a name.</summary>
    public static FrozenSet<string> Particles { get; } = Lists["particles"];

    /// <summary>Lower-case words a name may begin with.</summary>
    public static FrozenSet<string> LeadingParticles { get; } = Lists["leading_particles"];

    public static FrozenSet<string> Male { get; } = Lists["male"];

    public static FrozenSet<string> Female { get; } = Lists["female"];

    public static FrozenSet<string> Pronouns { get; } = Lists["pronouns"];

    /// <summary>Words that are capitalised only because they begin a sentence.</summary>
    public static FrozenSet<string> Starters { get; } = Lists["starters"];

    public static FrozenSet<string> Organizations { get; } = Lists["organization"];

    /// <summary>Words that say that a name is an award's.</summary>
    public static FrozenSet<string> Awards { get; } = Lists["awards"];

    /// <summary>Nouns that say that a name is a place of learning's.</summary>
    public static FrozenSet<string> Schools { get; } = Lists["schools"];

    /// <summary>Words a pattern never skips: they open another clause or name another relative.</summary>
    public static FrozenSet<string> Barriers { get; } = Lists["barriers"];

    /// <summary>Nouns that say that something is a work of art.</summary>
    public static FrozenSet<string> Works { get; } = Lists["works"];

    /// <summary>Nouns that say that something is a person.</summary>
    public static FrozenSet<string> PersonNouns { get; } = Lists["person_nouns"];

    /// <summary>Nouns that say that something is a place or stands at one.</summary>
    public static FrozenSet<string> Places { get; } = Lists["places"];

    private static FrozenDictionary<string, FrozenSet<string>> Load() =>
        EnglishData.Lines("words.txt")
            .Select(line => line.Split(':', 2))
            .ToFrozenDictionary(parts => parts[0], parts => EnglishData.Split(parts[1], ' ').ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    private static string[] Ordered(string list) =>
        EnglishData.Split(EnglishData.Lines("words.txt").First(line => line.StartsWith(list + ":", StringComparison.Ordinal))[(list.Length + 1)..], ' ');
}
