namespace Agentic.Retrieval;

/// <summary>Maximal runs of capitalised words: the names a text writes, whether or not anything is known of them.</summary>
internal static class CapitalRuns
{
    private static readonly HashSet<string> Connectors = new(StringComparer.Ordinal)
    {
        "of", "the", "and", "de", "del", "della", "der", "den", "van", "von", "la", "le", "du", "des", "da", "di", "dos", "al", "el", "bin", "ibn",
    };

    private static readonly HashSet<string> Calendar = new(StringComparer.Ordinal)
    {
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    };

    /// <summary>Runs as half-open intervals of word positions, in text order; connectors stand only between capitalised words.</summary>
    public static IEnumerable<(int Start, int End)> Of(WordSequence text, Vocabulary vocabulary)
    {
        for (var at = 0; at < text.Length;)
        {
            if (!CanStart(text, at, vocabulary))
            {
                at++;
                continue;
            }

            var end = at + 1;
            for (var next = end; next < text.Length && !text.BreakBefore[next] && text.Sentences[next] == text.Sentences[at]; next++)
            {
                if (text.Capitalized[next] || IsNumberInside(text, next, vocabulary))
                {
                    end = next + 1;
                }
                else if (next - end >= 2 || !Connectors.Contains(TextOf(text, next, vocabulary)))
                {
                    break;
                }
            }

            if (!IsCalendar(text, at, end, vocabulary))
            {
                yield return (at, end);
            }

            at = end;
        }
    }

    // A function word opens a name only inside a sentence ("The Band"); at its start the capital says nothing.
    private static bool CanStart(WordSequence text, int at, Vocabulary vocabulary) =>
        text.Capitalized[at] && !(text.SentenceStart[at] && FunctionWords.Contains(TextOf(text, at, vocabulary)));

    private static bool IsNumberInside(WordSequence text, int at, Vocabulary vocabulary) =>
        text.Capitalized[at - 1] && TextOf(text, at, vocabulary) is { Length: <= 3 and > 0 } word && char.IsAsciiDigit(word[0]);

    private static bool IsCalendar(WordSequence text, int start, int end, Vocabulary vocabulary)
    {
        for (var i = start; i < end; i++)
        {
            var word = TextOf(text, i, vocabulary);
            if (!Calendar.Contains(word) && !(word.Length > 0 && char.IsAsciiDigit(word[0])))
            {
                return false;
            }
        }

        return true;
    }

    private static string TextOf(WordSequence text, int at, Vocabulary vocabulary) =>
        text.Words[at] >= 0 ? vocabulary.Text(text.Words[at]) : "";
}
