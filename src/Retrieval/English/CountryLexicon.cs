using System.Collections.Frozen;

namespace Agentic.Retrieval;

/// <summary>A country of the lexicon.</summary>
/// <param name="Name">Its common name.</param>
/// <param name="Adjectives">Adjectives and names of its people, as written; the first is the usual one.</param>
/// <param name="State">The country it is counted to when two are compared (England and Scotland to the United Kingdom); itself for most.</param>
internal sealed record Country(string Name, IReadOnlyList<string> Adjectives, string State);

/// <summary>A country word found in a text.</summary>
/// <param name="Words">Number of words it takes.</param>
/// <param name="Country">The country it stands for.</param>
/// <param name="IsAdjective">True for "Danish", false for "Denmark".</param>
/// <param name="IsRegion">True for a region or city that tells the country ("Texas").</param>
internal readonly record struct CountryWord(int Words, Country Country, bool IsAdjective, bool IsRegion);

/// <summary>Country names, adjectives and the regions that tell a country (data files <c>countries.txt</c>, <c>regions.txt</c>).</summary>
internal static class CountryLexicon
{
    private const int MaxWords = 5;
    private static readonly FrozenDictionary<string, CountryWord> Entries = Load();
    private static readonly FrozenSet<string> FirstWords = Entries.Keys.Select(key => key.Split(' ')[0]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The longest country word that begins at <paramref name="at"/>; false when there is none.</summary>
    /// <remarks>A one-word entry must be capitalised, so that "turkey" and "polish" are not countries.</remarks>
    public static bool TryRead(IReadOnlyList<Word> words, int at, out CountryWord found)
    {
        found = default;
        if (!words[at].Capitalized || !FirstWords.Contains(words[at].Folded))
        {
            return false;
        }

        var longest = Math.Min(MaxWords, words.Count - at);
        for (var count = longest; count > 0; count--)
        {
            if (words[at + count - 1].Sentence == words[at].Sentence && Entries.TryGetValue(KeyOf(words, at, count), out found))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a whole string names; false when it is not a country word.</summary>
    public static bool TryFind(string text, out CountryWord found) => Entries.TryGetValue(EntityName.Key(text), out found);

    private static string KeyOf(IReadOnlyList<Word> words, int at, int count)
    {
        if (count == 1)
        {
            return words[at].Folded;
        }

        return string.Join(' ', Enumerable.Range(at, count).Select(i => words[i].Folded));
    }

    private static FrozenDictionary<string, CountryWord> Load()
    {
        var entries = new Dictionary<string, CountryWord>(StringComparer.Ordinal);
        var countries = new Dictionary<string, Country>(StringComparer.Ordinal);
        foreach (var line in EnglishData.Lines("countries.txt"))
        {
            var fields = line.Split('|', StringSplitOptions.TrimEntries);
            var adjectives = fields.Length > 1 ? EnglishData.Split(fields[1], ',') : [];
            var country = new Country(fields[0], adjectives, fields.Length > 3 ? fields[3] : fields[0]);
            countries.Add(country.Name, country);
            Add(entries, country.Name, country, isAdjective: false, isRegion: false);
            foreach (var name in fields.Length > 2 ? EnglishData.Split(fields[2], ',') : [])
            {
                Add(entries, name, country, isAdjective: false, isRegion: false);
            }

            foreach (var adjective in adjectives)
            {
                Add(entries, adjective, country, isAdjective: true, isRegion: false);
            }
        }

        foreach (var parts in EnglishData.Lines("regions.txt").Select(line => line.Split(':', 2)))
        {
            foreach (var region in EnglishData.Split(parts[1], ','))
            {
                Add(entries, region, countries[parts[0]], isAdjective: false, isRegion: true);
            }
        }

        return entries.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, CountryWord> entries, string name, Country country, bool isAdjective, bool isRegion)
    {
        var key = EntityName.Key(name);
        entries.TryAdd(key, new CountryWord(key.Split(' ').Length, country, isAdjective, isRegion));
    }
}
