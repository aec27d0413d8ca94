namespace Agentic.Retrieval;

/// <summary>Shorter ways of writing a name, surest first: without its bracket, its part after a comma, its honorifics, its "of" part.</summary>
internal static class NameVariants
{
    private static readonly HashSet<string> Honorifics = new(StringComparer.Ordinal)
    {
        "sir", "dame", "lord", "lady", "king", "queen", "prince", "princess", "emperor", "empress", "duke", "duchess", "count", "countess",
        "earl", "baron", "baroness", "saint", "st", "pope", "bishop", "archbishop", "president", "dr", "mr", "mrs", "ms", "prof", "professor",
        "general", "captain", "colonel", "major", "rev", "reverend", "archduke", "archduchess", "grand", "infante", "infanta", "tsar", "sultan",
    };

    /// <summary>The name itself (1), then its variants with falling weights; none is empty.</summary>
    public static IEnumerable<(string Name, double Weight)> Of(string name)
    {
        yield return (name, 1);
        var bracket = name.IndexOf('(', StringComparison.Ordinal);
        var plain = bracket > 0 ? name[..bracket].TrimEnd() : name;
        if (plain.Length < name.Length)
        {
            yield return (plain, 0.95);
        }

        var comma = plain.IndexOf(',', StringComparison.Ordinal);
        var head = comma > 0 ? plain[..comma].TrimEnd() : plain;
        if (head.Length < plain.Length)
        {
            yield return (head, 0.8);
        }

        var bare = WithoutHonorifics(head);
        if (bare.Length > 0 && bare.Length < head.Length)
        {
            yield return (bare, 0.75);
        }

        var of = bare.IndexOf(" of ", StringComparison.Ordinal);
        if (of > 0)
        {
            yield return (bare[..of], 0.6);
        }
    }

    private static string WithoutHonorifics(string name)
    {
        while (true)
        {
            var space = name.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !Honorifics.Contains(name[..space].TrimEnd('.').ToLowerInvariant()))
            {
                return name;
            }

            name = name[(space + 1)..].TrimStart();
        }
    }
}
