using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>How a value is said as an answer.</summary>
internal static class AnswerForm
{
    // Words of address that are no part of a name; ranks such as Prince or Duke are.
    private static readonly HashSet<string> Address = new(StringComparer.Ordinal)
    {
        "king", "queen", "emperor", "empress", "emperors", "kings", "sultan", "tsar", "sir", "dr", "mr", "mrs", "ms", "president", "professor", "hm", "actor", "actress", "director", "st", "late",
    };

    /// <summary>The best value: a person without words of address, everything else as written.</summary>
    public static string Of(IReadOnlyList<BookValue> values, string relation) =>
        RelationLexicon.KindOf(relation) == ValueKind.Person ? WithoutAddress(values[0].Text) : values[0].Text;

    private static string WithoutAddress(string name)
    {
        while (name.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 && Address.Contains(name[..space].TrimEnd('.').ToLowerInvariant()))
        {
            name = name[(space + 1)..].TrimStart();
        }

        return name;
    }
}
