using System.Globalization;

namespace Agentic.Agent;

/// <summary>A line of protocol text by its place in the whole.</summary>
/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset after its newline, or the end of the text.</param>
/// <param name="Content">The line, trimmed.</param>
internal readonly record struct ProtocolLine(int Start, int End, string Content)
{
    private static readonly char[] Emphasis = ['*', '_', '#', '`', '>', ' ', '\t'];

    /// <summary>The beginning of the line, for messages.</summary>
    public string Excerpt => Content.Length <= 60 ? Content : string.Concat(Content.AsSpan(0, 60), "...");

    /// <summary>The lines of a text, in order, blank ones included.</summary>
    public static IEnumerable<ProtocolLine> Of(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var newline = text.IndexOf('\n', start);
            var end = newline < 0 ? text.Length : newline + 1;
            yield return new ProtocolLine(start, end, text[start..end].Trim());
            start = end;
        }
    }

    /// <summary>A value as one line without the emphasis a chat model wraps around it.</summary>
    public static string Plain(string value)
    {
        var line = ProtocolText.OneLine(value);
        foreach (var mark in (ReadOnlySpan<string>)["**", "__", "*", "`"])
        {
            if (line.Length > 2 * mark.Length && line.StartsWith(mark, StringComparison.Ordinal) && line.EndsWith(mark, StringComparison.Ordinal))
            {
                return line[mark.Length..^mark.Length].Trim();
            }
        }

        return line;
    }

    /// <summary>True for a line <c>label: rest</c>; <paramref name="rest"/> is trimmed and may be empty.</summary>
    public bool Is(string label, out string rest)
    {
        var line = Content.AsSpan().TrimStart(Emphasis);
        rest = "";
        return line.StartsWith(label, StringComparison.OrdinalIgnoreCase) && AfterColon(line[label.Length..], out rest);
    }

    /// <summary>True for a line <c>Step n: rest</c>.</summary>
    public bool IsStep(out int number, out string rest)
    {
        (number, rest) = (0, "");
        var line = Content.AsSpan().TrimStart(Emphasis);
        if (!line.StartsWith(ProtocolText.Step, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        line = line[ProtocolText.Step.Length..].TrimStart();
        var digits = line.IndexOfAnyExceptInRange('0', '9');
        return digits > 0
            && int.TryParse(line[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && AfterColon(line[digits..], out rest);
    }

    // "**Summary:** text" and "Summary**: text" are both seen in the wild.
    private static bool AfterColon(ReadOnlySpan<char> line, out string rest)
    {
        line = line.TrimStart(Emphasis);
        var found = line.Length > 0 && line[0] == ':';
        var value = found ? line[1..].Trim() : [];
        if (value.StartsWith("**", StringComparison.Ordinal) && value.Count("**") % 2 == 1)
        {
            value = value[2..].Trim();
        }

        rest = value.ToString();
        return found;
    }
}
