namespace Agentic.Retrieval;

/// <summary>An analysed text as parallel arrays of word numbers and marks: what rankings read instead of strings.</summary>
internal sealed class WordSequence
{
    private WordSequence(int length)
    {
        Words = new int[length];
        Roots = new int[length];
        Sentences = new int[length];
        Starts = new int[length];
        Ends = new int[length];
        Capitalized = new bool[length];
        SentenceStart = new bool[length];
        BreakBefore = new bool[length];
    }

    public int Length => Words.Length;

    /// <summary>Word numbers; -1 for a word the vocabulary does not have.</summary>
    public int[] Words { get; }

    /// <summary>Root numbers; -1 for a root the vocabulary does not have.</summary>
    public int[] Roots { get; }

    public int[] Sentences { get; }

    public int[] Starts { get; }

    public int[] Ends { get; }

    public bool[] Capitalized { get; }

    public bool[] SentenceStart { get; }

    /// <summary>True where punctuation other than a hyphen, a full stop or an apostrophe stands between a word and the one before it.</summary>
    public bool[] BreakBefore { get; }

    /// <summary>Reads a text of the corpus; new words enter the vocabulary.</summary>
    public static WordSequence Interned(EnglishText text, Vocabulary vocabulary)
    {
        var sequence = new WordSequence(text.Words.Count);
        for (var i = 0; i < sequence.Length; i++)
        {
            var word = vocabulary.Intern(text.Words[i].Folded);
            sequence.Set(i, text, word, vocabulary.Root(word));
        }

        return sequence;
    }

    /// <summary>Reads a query; the vocabulary stays as it is.</summary>
    public static WordSequence Known(EnglishText text, Vocabulary vocabulary)
    {
        var sequence = new WordSequence(text.Words.Count);
        for (var i = 0; i < sequence.Length; i++)
        {
            var folded = text.Words[i].Folded;
            sequence.Set(i, text, vocabulary.Find(folded), vocabulary.FindRoot(folded));
        }

        return sequence;
    }

    private void Set(int at, EnglishText text, int number, int root)
    {
        var word = text.Words[at];
        Words[at] = number;
        Roots[at] = root;
        Sentences[at] = word.Sentence;
        Starts[at] = word.Start;
        Ends[at] = word.End;
        Capitalized[at] = word.Capitalized;
        SentenceStart[at] = word.SentenceStart;
        BreakBefore[at] = at == 0 || HasBreak(text.Text.AsSpan(text.Words[at - 1].End, word.Start - text.Words[at - 1].End));
    }

    private static bool HasBreak(ReadOnlySpan<char> gap) => gap.IndexOfAny(",;:()[]{}\"\u201c\u201d/!?\n\u2013\u2014") >= 0;
}
