using System.Globalization;

namespace Agentic.Retrieval;

/// <summary>A word of an analysed text.</summary>
/// <param name="Start">Offset of its first character in the text.</param>
/// <param name="End">Offset after its last character (a possessive 's is outside).</param>
/// <param name="Folded">Accents folded, lower case.</param>
/// <param name="Sentence">0-based number of its sentence.</param>
/// <param name="Capitalized">True when it begins with a capital letter.</param>
/// <param name="SentenceStart">True for the first word of a sentence.</param>
internal readonly record struct Word(int Start, int End, string Folded, int Sentence, bool Capitalized, bool SentenceStart)
{
    public string Stem => PorterStemming.Stem(Folded);
}

/// <summary>A text cut into sentences and words once; every reader of English works on this.</summary>
internal sealed class EnglishText
{
    private EnglishText(string text, IReadOnlyList<Range> sentences, IReadOnlyList<Word> words)
    {
        Text = text;
        Sentences = sentences;
        Words = words;
    }

    public string Text { get; }

    /// <summary>Sentences as ranges of <see cref="Text"/>, in order, without the space between them.</summary>
    public IReadOnlyList<Range> Sentences { get; }

    public IReadOnlyList<Word> Words { get; }

    public static EnglishText Analyze(string text)
    {
        var sentences = SentenceSplitter.Split(text);
        var words = new List<Word>(text.Length / 5);
        for (var s = 0; s < sentences.Count; s++)
        {
            var (from, to) = (sentences[s].Start.Value, sentences[s].End.Value);
            var first = true;
            for (var i = from; i < to;)
            {
                if (!IsWordCharacter(text[i]))
                {
                    i++;
                    continue;
                }

                var start = i;
                while (i < to && (IsWordCharacter(text[i]) || CharUnicodeInfo.GetUnicodeCategory(text[i]) == UnicodeCategory.NonSpacingMark) && !IsGluedDate(text, start, i))
                {
                    i++;
                }

                var folded = AsciiFolding.Fold(text[start..i]).ToLowerInvariant();
                if (folded.Length > 0)
                {
                    words.Add(new Word(start, i, folded, s, char.IsUpper(text[start]), first));
                    first = false;
                }

                if (IsPossessive(text, i, to))
                {
                    i += 2;
                }
            }
        }

        return new EnglishText(text, sentences, words);
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c);

    // "1914March 24", "19505 October": the dash between two dates was lost when the text was made.
    private static bool IsGluedDate(string text, int start, int at)
    {
        if (at - start != 4 || text[start] is not ('1' or '2') || !char.IsAsciiDigit(text[at - 1]))
        {
            return false;
        }

        var digits = at;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        var next = digits > at && digits < text.Length && text[digits] == ' ' ? digits + 1 : digits;
        return digits - at <= 2 && next < text.Length && char.IsUpper(text[next]) && (digits == at || next > digits);
    }

    private static bool IsPossessive(string text, int at, int to) =>
        at + 1 < to && text[at] is '\'' or '\u2019' && text[at + 1] is 's' or 'S' && (at + 2 >= to || !char.IsLetterOrDigit(text[at + 2]));
}
