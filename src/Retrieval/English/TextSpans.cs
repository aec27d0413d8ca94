namespace Agentic.Retrieval;

/// <summary>What stands between two neighbouring words.</summary>
[Flags]
internal enum Gap
{
    None = 0,
    Comma = 1,
    Open = 2,
    Close = 4,
    Quote = 8,
    Dash = 16,
    Stop = 32,
    Possessive = 64,
    Sentence = 128,
    Apostrophe = 256,
}

/// <summary>A text with its names, dates and gaps found once: what fact patterns are matched against.</summary>
internal sealed class TextSpans
{
    private readonly Gap[] _gaps;
    private readonly int[] _nameEnds;
    private readonly int[] _nameStarts;
    private readonly DateSpan[] _dates;

    private TextSpans(EnglishText text)
    {
        Text = text;
        var count = text.Words.Count;
        _gaps = new Gap[count + 1];
        _nameEnds = new int[count + 1];
        _nameStarts = new int[count + 1];
        _dates = new DateSpan[count];
        for (var i = 0; i <= count; i++)
        {
            _gaps[i] = GapBefore(text, i);
            _nameStarts[i] = -1;
        }
    }

    public EnglishText Text { get; }

    public IReadOnlyList<Word> Words => Text.Words;

    public static TextSpans Of(EnglishText text)
    {
        var spans = new TextSpans(text);
        for (var i = 0; i < text.Words.Count;)
        {
            if (DateReader.TryRead(text, i, out var date))
            {
                spans._dates[i] = date;
                i = date.End;
            }
            else
            {
                i++;
            }
        }

        NameFinder.Find(spans, (start, end) =>
        {
            spans._nameEnds[start] = end;
            spans._nameStarts[end] = start;
        });
        return spans;
    }

    /// <summary>What stands before word <paramref name="at"/>, or after the last word when it equals their number.</summary>
    public Gap Before(int at) => _gaps[at];

    /// <summary>End of the name that begins at word <paramref name="at"/>, or 0.</summary>
    public int NameEnd(int at) => _nameEnds[at];

    /// <summary>Start of the name that ends before word <paramref name="at"/>, or -1.</summary>
    public int NameStart(int at) => _nameStarts[at];

    /// <summary>The date that begins at word <paramref name="at"/>; its End is 0 when there is none.</summary>
    public DateSpan DateAt(int at) => _dates[at];

    /// <summary>The word after the bracket that opens before word <paramref name="at"/>; <paramref name="at"/> itself when none does or it does not close soon.</summary>
    public int AfterBracket(int at)
    {
        if (at == 0 || at >= Words.Count || (_gaps[at] & Gap.Open) == 0)
        {
            return at;
        }

        for (var i = at + 1; i < Words.Count && i - at < 24 && Words[i].Sentence == Words[at].Sentence; i++)
        {
            if ((_gaps[i] & Gap.Close) != 0)
            {
                return i;
            }
        }

        return at;
    }

    /// <summary>The words [start, end) as written.</summary>
    public string Slice(int start, int end)
    {
        var to = Words[end - 1].End;
        var text = Text.Text;
        if (to < text.Length && text[to] == '.' && IsInitial(end - 1))
        {
            to++;
        }
        else if (end - start > 1 && Words[end - 2].Folded is "st" or "saint" && (Before(end) & Gap.Possessive) != 0)
        {
            to += 2;
        }

        return Mended(text[Words[start].Start..to]);
    }

    // Line breaks become spaces; "Anhalt- Bernburg" loses the space that tokenised text puts after a hyphen.
    private static string Mended(string span)
    {
        span = span.Replace('\n', ' ');
        for (var i = span.IndexOf("- ", StringComparison.Ordinal); i > 0; i = span.IndexOf("- ", i + 1, StringComparison.Ordinal))
        {
            if (char.IsLetterOrDigit(span[i - 1]))
            {
                span = span.Remove(i + 1, 1);
            }
        }

        return span;
    }

    /// <summary>True for "J" in "J. Smith" and for "Jr", "Sr".</summary>
    public bool IsInitial(int at) => Words[at] is var word && word.Capitalized && (word.End - word.Start == 1 || word.Folded is "jr" or "sr");

    private static Gap GapBefore(EnglishText text, int at)
    {
        var words = text.Words;
        var from = at == 0 ? 0 : words[at - 1].End;
        var to = at == words.Count ? text.Text.Length : words[at].Start;
        var gap = at == 0 || at == words.Count || words[at].Sentence != words[at - 1].Sentence ? Gap.Sentence : Gap.None;
        for (var i = from; i < to; i++)
        {
            gap |= text.Text[i] switch
            {
                ',' => Gap.Comma,
                '(' or '[' => Gap.Open,
                ')' or ']' => Gap.Close,
                '"' or '\u201c' or '\u201d' => Gap.Quote,
                '-' or '/' or '~' => Gap.Dash,
                '\u2013' or '\u2014' => Gap.Dash | Gap.Stop,
                ';' or ':' or '!' or '?' or '|' or '<' or '>' => Gap.Stop,
                '\'' or '\u2019' when i == from && i + 1 < to && text.Text[i + 1] is 's' or 'S' => Gap.Possessive,
                '\'' or '\u2019' => Gap.Apostrophe,
                _ => Gap.None,
            };
        }

        return gap;
    }
}
