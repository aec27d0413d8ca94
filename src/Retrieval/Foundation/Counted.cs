using System.Globalization;

namespace Agentic.Retrieval;

/// <summary>Numbers of things in messages: <c>1 document</c>, <c>2,000 documents</c>.</summary>
internal static class Counted
{
    /// <param name="noun">In the singular.</param>
    /// <param name="plural">When it takes more than an s.</param>
    public static string Of(long count, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? noun : plural ?? noun + "s")}");
}
