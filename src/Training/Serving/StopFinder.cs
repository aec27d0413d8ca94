using System.Text;

namespace Agentic.Training;

/// <summary>Watches text as it comes for the first place of any stop string, and holds back what may become one.</summary>
internal sealed class StopFinder(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>True once a stop string has come; nothing is let through any more.</summary>
    public bool IsFound { get; private set; }

    /// <summary>The text that has become certain: what stands before a stop string, or cannot be the beginning of one.</summary>
    public string Push(string text)
    {
        if (IsFound || text.Length == 0)
        {
            return "";
        }

        _held.Append(text);
        var held = _held.ToString();
        var stop = stops.Select(stop => held.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        if (stop >= 0)
        {
            IsFound = true;
            _held.Clear();
            return held[..stop];
        }

        var keep = stops.Select(stop => LongestEndThatBegins(held, stop)).DefaultIfEmpty(0).Max();
        _held.Remove(0, held.Length - keep);
        return held[..^keep];
    }

    /// <summary>What was held back, at the end of the text.</summary>
    public string Flush()
    {
        var held = _held.ToString();
        _held.Clear();
        return held;
    }

    private static int LongestEndThatBegins(string text, string stop)
    {
        for (var length = Math.Min(text.Length, stop.Length - 1); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
