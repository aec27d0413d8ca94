namespace Agentic.Retrieval;

/// <summary>Something the user can mend: the message says what is wrong, where, and how to put it right. The host turns it into exit code 2.</summary>
public class AgenticException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A file whose content breaks its format; nothing of it was taken over.</summary>
/// <param name="path">The file.</param>
/// <param name="line">1-based line, or 0 when the damage has no line.</param>
/// <param name="reason">What is wrong and how to mend it.</param>
public sealed class InputFormatException(string path, long line, string reason, Exception? inner = null)
    : AgenticException(line > 0 ? $"{path}({line}): {reason}" : $"{path}: {reason}", inner)
{
    /// <summary>The file that was refused.</summary>
    public string Path { get; } = path;

    /// <summary>1-based line of the first problem; 0 when unknown.</summary>
    public long Line { get; } = line;

    /// <summary>The message without the place.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Options that break their own rules; lists every problem at once.</summary>
public sealed class OptionsException(string subject, IReadOnlyList<string> problems)
    : AgenticException($"{subject}: {string.Join("; ", problems)}")
{
    /// <summary>One sentence per broken rule.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
