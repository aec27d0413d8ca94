using System.Globalization;
using System.Text;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Evidence as text between the protocol's marks: one numbered line an item, attributed, unable to leave its line or its block.</summary>
internal static class ReferenceBlock
{
    /// <summary>A left angle quote: reads like the sign it replaces.</summary>
    private const char HarmlessBracket = '\u2039';

    /// <summary>The whole block with the newline after it; an empty selection is said to be one.</summary>
    public static string Render(IReadOnlyList<Evidence> evidence)
    {
        var block = new StringBuilder(ProtocolText.Open).Append('\n');
        for (var i = 0; i < evidence.Count; i++)
        {
            block.Append(CultureInfo.InvariantCulture, $"Evidence {i + 1}: {Item(evidence[i])}\n");
        }

        if (evidence.Count == 0)
        {
            block.Append("Nothing was found.\n");
        }

        return block.Append(ProtocolText.Close).Append('\n').ToString();
    }

    /// <summary>One item without its number.</summary>
    public static string Item(Evidence evidence) => evidence switch
    {
        Evidence.OfChunk { Chunk: var chunk } => $"Title: \"{Quoted(chunk.Title).Replace('"', '\'')}\" Text: {Quoted(chunk.Text)}",
        Evidence.OfTriplet { Triplet: var triplet } => $"Triplet: {Quoted(triplet.Text)}",
        _ => throw new ArgumentOutOfRangeException(nameof(evidence), evidence.GetType().Name, "the set of evidence is closed"),
    };

    /// <summary>Foreign text on one line without a single <c>&lt;</c>: whatever follows it, it opens no mark of ours and no special token of a model.</summary>
    internal static string Quoted(string foreign) => ProtocolText.OneLine(foreign).Replace('<', HarmlessBracket);
}
