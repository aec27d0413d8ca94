using System.Text;

namespace Agentic.Retrieval;

/// <summary>Identity of entity names: two names are one entity when their keys are equal.</summary>
public static class EntityName
{
    /// <summary>Accents folded, lower case, runs of anything but letters and digits made one space, trimmed (after HippoRAG's phrase normalisation).</summary>
    public static string Key(string name)
    {
        var folded = AsciiFolding.Fold(name);
        var key = new StringBuilder(folded.Length);
        foreach (var c in folded)
        {
            if (char.IsLetterOrDigit(c))
            {
                key.Append(char.ToLowerInvariant(c));
            }
            else if (key.Length > 0 && key[^1] != ' ')
            {
                key.Append(' ');
            }
        }

        return key.ToString().TrimEnd();
    }
}
