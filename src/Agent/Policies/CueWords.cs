using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Words that announce a relation in a text: those of its name and of the verbs that ask for it.</summary>
internal static class CueWords
{
    /// <summary>Porter stems.</summary>
    public static IReadOnlySet<string> Of(string relation)
    {
        var words = relation.Split(' ').Where(word => !FunctionWords.Contains(word) && word is not ("date" or "place"));
        return words.Concat(RelationLexicon.VerbsOf(relation)).Select(PorterStemming.Stem).ToHashSet(StringComparer.Ordinal);
    }
}
