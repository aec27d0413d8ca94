using System.Globalization;
using System.Text;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The words of the step protocol and how each author writes them; whoever produces protocol text writes it through here.</summary>
/// <remarks>
/// After TeaRAG (arXiv 2511.05385, figure 4a). A policy segment ends with the newline of its Subquery line, or with the end of the final answer;
/// a Reference block and the newline after it belong to the system.
/// </remarks>
public static class ProtocolText
{
    /// <summary>What an unanswerable question is answered with.</summary>
    public const string NotStated = "not stated";

    internal const string Step = "Step";
    internal const string Entity = "Important entity";
    internal const string Subquery = "Subquery";
    internal const string Summary = "Summary";
    internal const string Answer = "Final answer";
    internal const string Open = "<Reference>";
    internal const string Close = "</Reference>";

    /// <summary>What the system writes at the step cap; the policy completes the line.</summary>
    internal const string ForcedAnswer = Answer + ": ";

    /// <summary>The three lines that open a step, ending with the newline of the Subquery line. A name with a comma is quoted.</summary>
    public static string RenderStep(int number, IReadOnlyList<string> keyEntities, string subquery) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Step} {number}:\n{Entity}: {string.Join(", ", keyEntities.Select(Quoted))}\n{Subquery}: {OneLine(subquery)}\n");

    /// <summary>The line that closes a step.</summary>
    public static string RenderSummary(string summary) => $"{Summary}: {OneLine(summary)}\n";

    /// <summary>The line that ends the attempt; no newline after it.</summary>
    public static string RenderAnswer(string answer) => ForcedAnswer + OneLine(answer);

    /// <summary>Runs of white space, line breaks of any script and control characters made one space, trimmed: such a text cannot open a line of its own.</summary>
    internal static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c) && !char.IsControl(c))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }

    private static string Quoted(string name)
    {
        var line = OneLine(name).Replace('"', '\'');
        return line.Contains(',', StringComparison.Ordinal) ? $"\"{line}\"" : line;
    }
}
