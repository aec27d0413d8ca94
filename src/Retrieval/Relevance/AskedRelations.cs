namespace Agentic.Retrieval;

/// <summary>The relations of the lexicon that a query asks for, by noun ("director of X") or by question word and verb ("where was X born").</summary>
internal static class AskedRelations
{
    /// <summary>The relations, in the order of the words that ask for them; words inside names do not count.</summary>
    public static IReadOnlyList<Relation> In(IReadOnlyList<Word> words, bool[] isName)
    {
        var found = new List<string>();
        var asked = QuestionWord(words);
        for (var i = 0; i < words.Count; i++)
        {
            if (isName[i])
            {
                continue;
            }

            if (RelationLexicon.TryReadVerb(asked, words[i].Folded, out var byVerb))
            {
                found.Add(byVerb);
            }

            var taken = Phrase(words, isName, i, found);
            i += Math.Max(0, taken - 1);
        }

        return [.. found.Distinct(StringComparer.Ordinal).Select(name => RelationLexicon.TryGet(name, out var relation) ? relation : null).OfType<Relation>()];
    }

    /// <summary>Adds the relations of the longest phrase at a word; returns its number of words, 0 when there is none.</summary>
    private static int Phrase(IReadOnlyList<Word> words, bool[] isName, int at, List<string> found)
    {
        for (var length = Math.Min(RelationLexicon.LongestPhrase, words.Count - at); length > 0; length--)
        {
            var phrase = string.Join(' ', Enumerable.Range(at, length).Select(i => words[i].Folded));
            if (!isName[at + length - 1] && RelationLexicon.TryReadPhrase(phrase, out var chains))
            {
                found.AddRange(chains.SelectMany(chain => chain));
                return length;
            }
        }

        return 0;
    }

    /// <summary>who, when, where, why, how, or the noun after which or what; empty when nothing is asked.</summary>
    private static string QuestionWord(IReadOnlyList<Word> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i].Folded)
            {
                case "who" or "whom" or "when" or "where" or "why" or "how":
                    return words[i].Folded == "whom" ? "who" : words[i].Folded;
                case "which" or "what":
                    return i + 1 < words.Count && !FunctionWords.Contains(words[i + 1].Folded) ? words[i + 1].Folded : "what";
            }
        }

        return string.Empty;
    }
}
