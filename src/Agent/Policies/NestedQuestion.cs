using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>
/// Reads a question as entities described by one another: "Who leads the team that uses the stand designed by E" is three relations that start at E.
/// Every "the" opens the description of another entity; what the lexicon does not know stays an open relation in the question's own words.
/// </summary>
/// <remarks>One way only, from the last name of the question outwards; a question about two names at once is not of this kind.</remarks>
internal static class NestedQuestion
{
    private const int MostRelations = 4;

    /// <summary>The name and its relations; null when the question has no question word or nothing is asked of the name.</summary>
    public static Leg? Read(IReadOnlyList<QuestionItem> items)
    {
        var asks = Enumerable.Range(0, items.Count).FirstOrDefault(i => IsAsking(items, i), -1);
        var anchor = Enumerable.Range(0, items.Count).LastOrDefault(i => items[i].Name, -1);
        if (asks < 0 || anchor < 0)
        {
            return null;
        }

        var descriptions = asks < anchor ? Descriptions(items, asks, anchor) : [[.. items.Skip(asks)]];
        var owned = items.Skip(anchor + 1).TakeWhile(item => item.Possessed).ToArray();
        QuestionItem[] rest = asks < anchor ? [.. items.Skip(anchor + 1 + owned.Length)] : [];
        var roles = owned.Where(item => item.IsRole || IsContent(item)).Select(item => item.Chains ?? OfNoun(item.Text)).ToList();
        var owner = rest.Length == 0 ? -1 : TailOwner(descriptions);
        var moved = MoveVerb(descriptions);
        for (var i = 0; i < descriptions.Length; i++)
        {
            QuestionItem[] tail = i == owner ? rest : [];
            if ((i == descriptions.Length - 1 ? Outer(descriptions[i], [.. moved, .. tail]) : Inner(descriptions[i], tail)) is { } role)
            {
                roles.Add(role);
            }
        }

        return roles.Count is 0 or > MostRelations ? null : new Leg(items[anchor].Text, Leg.Combine(roles));
    }

    // A question word, or the verb of a request ("Name the founder of E").
    private static bool IsAsking(IReadOnlyList<QuestionItem> items, int at) => items[at].IsWord
        && (items[at].Text is "who" or "whom" or "what" or "which" or "where" or "when" or "how" || (at == 0 && items[at].Text is "name" or "give" or "identify" or "state"));

    /// <summary>The noun's relation to what is named after "of": its chains in the lexicon, else an open relation.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> OfNoun(string noun)
    {
        var isPerson = WordLists.PersonNouns.Contains(noun[(noun.LastIndexOf(' ') + 1)..]);
        return RelationLexicon.TryReadPhrase(noun, out var chains) ? chains : [[$"{(isPerson ? "Who" : "What")} is the {noun} of {{0}}?"]];
    }

    // Whose verb stands behind the name: of a clause left open ("the island on which E nests"), else of the question ("where was the maker of E born").
    private static int TailOwner(QuestionItem[][] descriptions)
    {
        var open = Array.FindIndex(descriptions, 0, descriptions.Length - 1, words => words[^1].IsWord && words[^1].Text is "which" or "that" or "where" or "whom" or "who");
        return open >= 0 ? open : IsBare(descriptions[^1]) ? descriptions.Length - 1 : 0;
    }

    // "Where was", "Which prize did": asks, but its own verb is still to come.
    private static bool IsBare(QuestionItem[] outer) => !outer.Skip(1).Where((item, i) => i > 0 || outer[0].Text is not ("which" or "what")).Any(IsContent);

    // "are the impellers cast that broke": the verb between noun and clause is the question's.
    private static QuestionItem[] MoveVerb(QuestionItem[][] descriptions)
    {
        if (descriptions.Length < 2 || !IsBare(descriptions[^1]))
        {
            return [];
        }

        var words = descriptions[^2];
        var clause = Array.FindIndex(words, item => item.IsWord && item.Text is "that" or "which" or "who" or "whose");
        var isVerb = clause > 1 && words[clause - 1].IsWord && (IrregularVerbs.IsPast(words[clause - 1].Text) || descriptions[^1][^1].Text is "did" or "does" or "do");
        if (!isVerb)
        {
            return [];
        }

        descriptions[^2] = [.. words[..(clause - 1)], .. words[clause..]];
        return [words[clause - 1]];
    }

    // From the name outwards: the words between one determiner and the next; the last one opens with the question word.
    private static QuestionItem[][] Descriptions(IReadOnlyList<QuestionItem> items, int asks, int anchor)
    {
        var found = new List<QuestionItem[]>();
        var end = anchor;
        for (var i = anchor - 1; i > asks; i--)
        {
            if (items[i].IsWord && items[i].Text is "the" or "a" or "an")
            {
                if (end > i + 1)
                {
                    found.Add([.. items.Skip(i + 1).Take(end - i - 1)]);
                }

                end = i;
            }
        }

        found.Add([.. items.Skip(asks).Take(end - asks)]);
        return [.. found];
    }

    private static IReadOnlyList<IReadOnlyList<string>>? Inner(QuestionItem[] words, QuestionItem[] tail)
    {
        var isClause = words.Any(item => item.IsWord && item.Text is "that" or "which" or "who" or "whom" or "where" or "whose" or "by");
        var nouns = words.TakeWhile(item => !item.IsWord || !FunctionWords.Contains(item.Text)).ToArray();
        if (nouns.Length == 0)
        {
            return null;
        }

        if (!isClause && tail.Length == 0)
        {
            return nouns is [{ IsRole: true } role] ? role.Chains : IsSortOnly(nouns) ? null : OfNoun(Text(nouns));
        }

        return [[$"Which {Text(words.Where(item => item.Text is not ("that" or "who" or "whom" or "which" or "where" or "whose")))} {{0}} {Text(tail)}".TrimEnd() + "?"]];
    }

    private static IReadOnlyList<IReadOnlyList<string>>? Outer(QuestionItem[] words, QuestionItem[] tail)
    {
        var said = words.Skip(1).Concat(tail).Where(IsContent).ToArray();
        if (said.Length == 0)
        {
            return null;
        }

        if (said is [{ IsRole: true } role] && tail.Length == 0)
        {
            return role.Chains;
        }

        if (IsBare(words) && !tail.Any(IsContent))
        {
            return null;
        }

        var asked = words.Length > 1 && words[0].Text is "which" or "what" ? words[1].Text : words[0].Text;
        foreach (var verb in said.Where(item => item.IsWord))
        {
            if (RelationLexicon.TryReadVerb(asked, verb.Text, out var relation) || RelationLexicon.TryReadVerb(words[0].Text, verb.Text, out relation))
            {
                return [[relation]];
            }
        }

        var text = $"{Text(words)} {{0}} {Text(tail)}".Trim();
        return [[$"{char.ToUpperInvariant(text[0])}{text[1..]}?"]];
    }

    // "the film E", "the city of E", "the music of E": says what E is or what of it is meant, not another entity.
    private static bool IsSortOnly(QuestionItem[] nouns) => nouns.All(item => item.IsWord && (WordLists.Works.Contains(item.Text) || IsTransparent(item.Text)));

    /// <summary>True for a noun that leads to no other entity than the one named after it.</summary>
    public static bool IsTransparent(string noun) =>
        noun is "name" or "music" or "score" or "songs" or "lyrics" or "text" or "script" or "city" or "town" or "village" or "province" or "island" or "country" or "kind" or "type" or "sort" or "part";

    private static bool IsContent(QuestionItem item) => !item.IsWord || !FunctionWords.Contains(item.Text);

    private static string Text(IEnumerable<QuestionItem> items) => string.Join(' ', items.Select(item => item.Text));
}
