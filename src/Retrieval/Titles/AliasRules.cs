namespace Agentic.Retrieval;

/// <summary>A way of writing a title, as word numbers, and how surely it means that title.</summary>
internal readonly record struct Alias(int[] Words, double Weight);

/// <summary>The names under which running text may speak of a titled document; weights fall with the information left out.</summary>
internal static class AliasRules
{
    private const double WithoutBracket = 0.95;
    private const double LeadName = 0.8;
    private const double AlsoKnownAs = 0.8;
    private const double OneWordAlsoKnownAs = 0.5;
    private const double BeforeComma = 0.7;
    private const double FirstAndLast = 0.6;
    private const double OneWordBeforeComma = 0.4;
    private const int LongestLeadName = 7;
    private const int FewestWordsOfSentence = 5;
    private const int WordsSearchedForOtherNames = 60;

    /// <summary>
    /// True for a title that states something instead of naming it, as papers have: five content words or more that end in a full stop or mostly
    /// have no capital. Parts of it are no names.
    /// </summary>
    public static bool IsSentence(string title, WordSequence words, Vocabulary vocabulary)
    {
        var (content, capitals) = (0, 0);
        for (var i = 0; i < words.Length; i++)
        {
            if (!vocabulary.IsFunctionWord(words.Words[i]))
            {
                content++;
                capitals += words.Capitalized[i] ? 1 : 0;
            }
        }

        return content >= FewestWordsOfSentence && (title.TrimEnd().EndsWith('.') || 2 * capitals < content);
    }

    /// <summary>Aliases of a title itself, the full one first.</summary>
    public static IEnumerable<Alias> OfTitle(string title, Vocabulary vocabulary)
    {
        var full = Words(title, vocabulary);
        if (full.Length == 0)
        {
            yield break;
        }

        yield return new Alias(full, 1);
        var bracket = title.IndexOf('(', StringComparison.Ordinal);
        var plain = bracket > 0 ? title[..bracket] : title;
        if (bracket > 0 && Words(plain, vocabulary) is { Length: > 0 } shorter)
        {
            yield return new Alias(shorter, WithoutBracket);
        }

        var comma = plain.IndexOf(',', StringComparison.Ordinal);
        if (comma > 0 && Words(plain[..comma], vocabulary) is { Length: > 0 } head)
        {
            yield return new Alias(head, head.Length == 1 ? OneWordBeforeComma : BeforeComma);
        }

        var name = comma > 0 ? [] : Words(plain, vocabulary);
        if (name.Length >= 3 && !name.Any(vocabulary.IsFunctionWord) && !name.Any(word => char.IsAsciiDigit(vocabulary.Text(word)[0])))
        {
            yield return new Alias([name[0], name[^1]], FirstAndLast);
        }
    }

    /// <summary>Other names that a document's opening words give its subject.</summary>
    public static IEnumerable<Alias> OfOpening(Chunk chunk, WordSequence text, Vocabulary vocabulary)
    {
        if (LeadNameLength(chunk, text, vocabulary) is var length and >= 2)
        {
            yield return new Alias(text.Words[..length], LeadName);
        }

        var runs = CapitalRuns.Of(text, vocabulary).TakeWhile(run => run.End <= WordsSearchedForOtherNames);
        foreach (var (start, end) in runs)
        {
            if (start >= 2 && IsRenaming(text, start, end, vocabulary))
            {
                yield return new Alias(text.Words[start..end], end - start == 1 ? OneWordAlsoKnownAs : AlsoKnownAs);
            }
        }
    }

    /// <summary>How many words open a text as the name of its subject: up to the first bracket or copula, at most seven, nearly all capitalised; 0 when there is no such name.</summary>
    public static int LeadNameLength(Chunk chunk, WordSequence text, Vocabulary vocabulary)
    {
        var length = WordsBeforeBracketOrCopula(chunk, text, vocabulary);
        var (content, capitals) = (0, 0);
        for (var i = 0; i < length; i++)
        {
            if (!vocabulary.IsFunctionWord(text.Words[i]))
            {
                content++;
                capitals += text.Capitalized[i] ? 1 : 0;
            }
        }

        return content > 0 && capitals * 5 >= content * 4 ? length : 0;
    }

    /// <summary>The same for a text that nothing else names: a capital at its beginning will do when the text goes on to define it ("Held einer Nacht is a film").</summary>
    public static int OpeningNameLength(Chunk chunk, WordSequence text, Vocabulary vocabulary)
    {
        var strict = LeadNameLength(chunk, text, vocabulary);
        if (strict > 0)
        {
            return strict;
        }

        var length = WordsBeforeBracketOrCopula(chunk, text, vocabulary);
        return length > 0
            && text.Capitalized[0] && !vocabulary.IsFunctionWord(text.Words[0])
            && (!IsCopula(text, length, vocabulary) || (length + 1 < text.Length && vocabulary.Text(text.Words[length + 1]) is "a" or "an" or "the" or "one"))
                ? length
                : 0;
    }

    private static int WordsBeforeBracketOrCopula(Chunk chunk, WordSequence text, Vocabulary vocabulary)
    {
        for (var length = 0; length <= LongestLeadName && length < text.Length && text.Sentences[length] == 0; length++)
        {
            if (IsCopula(text, length, vocabulary) || (length > 0 && OpensBracket(chunk.Text, text.Ends[length - 1], text.Starts[length])))
            {
                return length;
            }
        }

        return 0;
    }

    private static bool OpensBracket(string text, int from, int to) => text.AsSpan(from, to - from).Contains('(');

    // A capitalised one belongs to the name: "His Name Is Nobody".
    private static bool IsCopula(WordSequence text, int at, Vocabulary vocabulary) =>
        !text.Capitalized[at] && vocabulary.Text(text.Words[at]) is "is" or "was" or "are" or "were";

    // "known as N", "stage name N", "pen name N"; "(born First Last", which is no "Canadian-born American".
    private static bool IsRenaming(WordSequence text, int start, int end, Vocabulary vocabulary)
    {
        var before = vocabulary.Text(text.Words[start - 2]);
        return vocabulary.Text(text.Words[start - 1]) switch
        {
            "as" => before == "known",
            "name" => before is "stage" or "pen" or "birth" or "real",
            "born" => end - start > 1 && text.BreakBefore[start - 1],
            _ => false,
        };
    }

    private static int[] Words(string text, Vocabulary vocabulary) =>
        [.. EnglishText.Analyze(text).Words.Select(word => vocabulary.Intern(word.Folded))];
}
