using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A relation read from its question: what is asked for, and the words by which a text would state it.</summary>
/// <param name="Noun">The noun the value is called by ("company" in "Which company winds {0}?"); empty when the question names none.</param>
/// <param name="Cues">Other words that carry meaning, folded.</param>
/// <param name="Kind">Kind of its values.</param>
/// <param name="Known">The lexicon's relation the question asks for, if any.</param>
internal sealed record OpenRelation(string Noun, IReadOnlyList<string> Cues, ValueKind Kind, string? Known)
{
    /// <summary>True when the words near a mention can tell the value; a date or a place of a lexicon relation is not told by words alone.</summary>
    public bool IsReadable { get; private init; } = true;

    /// <summary>Words that say the first cue otherwise.</summary>
    public IReadOnlyList<string> Synonyms { get; private init; } = [];

    /// <summary>A relation of the lexicon, or one written as a question with a hole.</summary>
    public static OpenRelation Of(string relation)
    {
        if (!RelationLexicon.IsOpen(relation))
        {
            var kind = RelationLexicon.KindOf(relation);
            return new OpenRelation(relation, [relation], kind, null)
            {
                Synonyms = SynonymsOf(relation),
                IsReadable = kind is ValueKind.Person or ValueKind.Name && !WordLists.Barriers.Contains(relation) && relation is not ("spouse" or "child" or "parent"),
            };
        }

        var words = EnglishText.Analyze(relation).Words.Where(word => word.Folded != "0").Select(word => word.Folded).ToArray();
        var asks = Array.FindIndex(words, word => word is "who" or "what" or "which" or "where" or "when" or "how");
        var noun = NounAfter(words, asks);
        var question = asks >= 0 ? words[asks] : "";
        var cues = words.Where((word, i) => i != noun && i != asks && !FunctionWords.Contains(word)).ToArray();
        var known = KnownBy(noun < 0 ? question : words[noun], question, cues);
        return new OpenRelation(noun < 0 ? "" : words[noun], cues, RelationLexicon.KindOf(relation), known) { Synonyms = SynonymsOf(known) };
    }

    private static string[] SynonymsOf(string? known) => known is not null && RelationLexicon.TryGet(known, out var entry)
        ? [.. entry.Nouns.Where(noun => !noun.Contains(' ', StringComparison.Ordinal)), .. RelationLexicon.VerbsOf(known)]
        : [];

    // "Which company", "How many people" have their noun behind; "What is the motor of" behind the verb of being.
    private static int NounAfter(string[] words, int asks)
    {
        if (asks < 0 || words[asks] is "where" or "when")
        {
            return -1;
        }

        if (words[asks] == "how")
        {
            return asks + 2 < words.Length && words[asks + 1] is "many" or "much" ? asks + 2 : -1;
        }

        if (asks + 3 < words.Length && words[asks + 1] is "is" && words[asks + 2] is "the")
        {
            return Array.FindIndex(words, asks + 3, word => word == "of") - 1;
        }

        return words[asks] is "which" or "what" && asks + 1 < words.Length && !FunctionWords.Contains(words[asks + 1]) ? asks + 1 : -1;
    }

    private static string? KnownBy(string noun, string question, IReadOnlyList<string> cues)
    {
        var isPlace = WordLists.Places.Contains(noun);
        foreach (var cue in cues)
        {
            if (RelationLexicon.TryReadVerb(noun, cue, out var relation) || RelationLexicon.TryReadVerb(question, cue, out relation)
                || RelationLexicon.TryReadVerb(isPlace ? "where" : noun is "year" or "date" ? "when" : "who", cue, out relation))
            {
                return relation;
            }
        }

        return null;
    }
}
