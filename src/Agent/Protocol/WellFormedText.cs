namespace Agentic.Agent;

/// <summary>Text that can be stored: valid UTF-16, plain line ends, bounded.</summary>
internal static class WellFormedText
{
    /// <summary>Lone surrogates become U+FFFD and carriage returns newlines; at most <paramref name="maxCharacters"/> are kept.</summary>
    public static string Of(string text, int maxCharacters)
    {
        if (text.Length > maxCharacters)
        {
            text = text[..maxCharacters];
        }

        if (text.Contains('\r', StringComparison.Ordinal))
        {
            text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        }

        return text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0
            ? text
            : string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
    }
}
