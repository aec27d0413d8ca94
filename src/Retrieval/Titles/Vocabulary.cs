namespace Agentic.Retrieval;

/// <summary>The distinct words of a corpus as dense numbers, with the stem and the root of each; built while texts are read, then only read.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _stems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _roots = new(StringComparer.Ordinal);
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    public int StemCount => _stems.Count;

    public int RootCount => _roots.Count;

    /// <summary>Number of a folded word, giving it the next free one when it is new.</summary>
    public int Intern(string folded)
    {
        if (_words.TryGetValue(folded, out var known))
        {
            return known;
        }

        var number = _entries.Count;
        _words.Add(folded, number);
        _entries.Add(new Entry(
            folded,
            NumberOf(_stems, PorterStemming.Stem(folded)),
            NumberOf(_roots, WordRoot.Of(folded)),
            FunctionWords.Contains(folded)));
        return number;
    }

    /// <summary>Number of a folded word, or -1 when the corpus does not have it.</summary>
    public int Find(string folded) => _words.GetValueOrDefault(folded, -1);

    /// <summary>Number of the stem of a folded word, or -1; the word itself need not be in the corpus.</summary>
    public int FindStem(string folded) => _stems.GetValueOrDefault(PorterStemming.Stem(folded), -1);

    /// <summary>Number of the root of a folded word, or -1; the word itself need not be in the corpus.</summary>
    public int FindRoot(string folded) => _roots.GetValueOrDefault(WordRoot.Of(folded), -1);

    public string Text(int word) => _entries[word].Text;

    public int Stem(int word) => _entries[word].Stem;

    public int Root(int word) => _entries[word].Root;

    public bool IsFunctionWord(int word) => _entries[word].IsFunctionWord;

    private static int NumberOf(Dictionary<string, int> numbers, string text)
    {
        if (!numbers.TryGetValue(text, out var number))
        {
            numbers.Add(text, number = numbers.Count);
        }

        return number;
    }

    private readonly record struct Entry(string Text, int Stem, int Root, bool IsFunctionWord);
}
