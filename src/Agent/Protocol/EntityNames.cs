using System.Text;

namespace Agentic.Agent;

/// <summary>The names of an entity line: separated by commas, a name with a comma in double quotes.</summary>
internal static class EntityNames
{
    /// <summary>The names in order, without repetitions; none for an empty line or "none".</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                Add(names, name);
            }
            else
            {
                name.Append(c);
            }
        }

        Add(names, name);
        return names;
    }

    private static void Add(List<string> names, StringBuilder name)
    {
        var plain = ProtocolLine.Plain(name.ToString());
        name.Clear();
        if (plain.Length > 0 && !plain.Equals("none", StringComparison.OrdinalIgnoreCase) && !names.Contains(plain, StringComparer.Ordinal))
        {
            names.Add(plain);
        }
    }
}
