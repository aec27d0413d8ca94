using System.Globalization;

namespace Agentic.Retrieval;

/// <summary>What a pattern element consumes.</summary>
internal enum ElementKind
{
    Literal,
    Skip,
    Slot,
}

/// <summary>One element of a pattern with the punctuation that may or must stand before it.</summary>
/// <param name="Kind">What it consumes.</param>
/// <param name="Words">Alternatives of a literal.</param>
/// <param name="Optional">True when the literal may be absent.</param>
/// <param name="Limit">Most words a skip consumes.</param>
/// <param name="Slot">Name of the relation a slot fills; <c>x</c> for none, <c>s</c> for the subject.</param>
/// <param name="Type">Type of a slot's span.</param>
/// <param name="Inverse">True when the title is the value and the span the subject.</param>
/// <param name="List">True when the span may go on as "A, B and C".</param>
/// <param name="Required">Punctuation that must stand before the element.</param>
/// <param name="Allowed">Punctuation that may stand before the element.</param>
internal sealed record PatternElement(
    ElementKind Kind,
    string[] Words,
    bool Optional,
    int Limit,
    string Slot,
    string Type,
    bool Inverse,
    bool List,
    Gap Required,
    Gap Allowed);

/// <summary>A fact pattern: elements around an anchor word by which it is found.</summary>
/// <param name="Score">Confidence of its facts in the first sentence of a text.</param>
/// <param name="Elements">In reading order.</param>
/// <param name="Anchor">Index of the first literal that must be present.</param>
internal sealed record FactPattern(double Score, IReadOnlyList<PatternElement> Elements, int Anchor)
{
    /// <summary>Reads one line of the pattern file; the notation is explained at the head of <c>patterns.txt</c>.</summary>
    /// <exception cref="FormatException">The line breaks the notation.</exception>
    public static FactPattern Parse(string line, IReadOnlyDictionary<string, string> macros)
    {
        var tokens = Tokens(line);
        var elements = new List<PatternElement>();
        var (required, allowed) = (Gap.None, Gap.None);
        foreach (var token in tokens.Skip(1))
        {
            switch (token)
            {
                case ",":
                    (required, allowed) = (required | Gap.Comma, allowed | Gap.Comma);
                    break;
                case ",?":
                    allowed |= Gap.Comma;
                    break;
                case "(":
                    (required, allowed) = (required | Gap.Open, allowed | Gap.Open);
                    break;
                case "'s":
                    (required, allowed) = (required | Gap.Possessive, allowed | Gap.Possessive);
                    break;
                default:
                    elements.Add(Element(token, macros) with { Required = required, Allowed = allowed });
                    (required, allowed) = (Gap.None, Gap.None);
                    break;
            }
        }

        var anchor = elements.FindIndex(element => element is { Kind: ElementKind.Literal, Optional: false });
        if (anchor < 0)
        {
            throw new FormatException($"A pattern needs a word that must be present: {line}");
        }

        return new FactPattern(double.Parse(tokens[0], CultureInfo.InvariantCulture), elements, anchor);
    }

    private static List<string> Tokens(string line)
    {
        var tokens = new List<string>();
        for (var i = 0; i < line.Length;)
        {
            if (line[i] == ' ')
            {
                i++;
                continue;
            }

            var end = line.IndexOf(' ', line[i] == '{' ? line.IndexOf('}', i) : i);
            end = end < 0 ? line.Length : end;
            tokens.Add(line[i..end]);
            i = end;
        }

        return tokens;
    }

    private static PatternElement Element(string token, IReadOnlyDictionary<string, string> macros)
    {
        if (token[0] == '~')
        {
            return new PatternElement(ElementKind.Skip, [], true, int.Parse(token.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture), "", "", false, false, default, default);
        }

        if (token[0] == '{')
        {
            var close = token.IndexOf('}', StringComparison.Ordinal);
            var parts = token[1..close].Split(':');
            var inverse = parts[0][0] == '^';
            return new PatternElement(ElementKind.Slot, [], false, 0, inverse ? parts[0][1..] : parts[0], parts[1], inverse, token.EndsWith('+'), default, default);
        }

        var optional = token.EndsWith('?');
        var words = EnglishData.Split(optional ? token[..^1] : token, '|')
            .SelectMany(word => word[0] == '$' ? EnglishData.Split(macros[word[1..]], '|') : [word])
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return new PatternElement(ElementKind.Literal, words, optional, 0, "", "", false, false, default, default);
    }
}
