using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What the question word and its verb or noun ask for.</summary>
/// <param name="Kind">The question word, or the noun after which or what; empty for a yes-no question.</param>
/// <param name="Relation">The relation the verb or noun asks for, if any.</param>
internal readonly record struct QuestionFocus(string Kind, string? Relation)
{
    /// <summary>Reads the focus and marks the items it took.</summary>
    public static QuestionFocus Read(IReadOnlyList<QuestionItem> items, bool[] used)
    {
        var at = Enumerable.Range(0, items.Count).FirstOrDefault(i => items[i].IsWord && items[i].Text is "who" or "whom" or "whose" or "when" or "where" or "why" or "how" or "what" or "which", -1);
        if (at < 0)
        {
            return new QuestionFocus("", null);
        }

        var kind = items[at].Text is "whom" or "whose" ? "who" : items[at].Text;
        if (kind is "what" or "which" && at + 1 < items.Count && !items[at + 1].Name && !FunctionWords.Contains(items[at + 1].Text))
        {
            return OfNoun(items, used, at + 2 < items.Count && items[at + 1].IsWord && items[at + 2].IsRole ? at + 2 : at + 1);
        }

        return new QuestionFocus(kind, Verb(items, used, kind));
    }

    /// <summary>True for a question that opens with a verb of being, doing or having.</summary>
    public static bool IsYesNo(IReadOnlyList<QuestionItem> items) => items.Count > 0 && items[0].IsWord
        && items[0].Text is "are" or "is" or "was" or "were" or "do" or "does" or "did" or "have" or "has" or "had" or "can" or "could";

    /// <summary>The relation of the first verb that asks for one after a question word or noun; marks the verb.</summary>
    public static string? Verb(IReadOnlyList<QuestionItem> items, bool[] used, string asked)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].IsWord && RelationLexicon.TryReadVerb(asked, items[i].Text, out var relation))
            {
                used[i] = true;
                return relation;
            }
        }

        return null;
    }

    private static QuestionFocus OfNoun(IReadOnlyList<QuestionItem> items, bool[] used, int noun)
    {
        var item = items[noun];
        if (item.IsRole && !(noun + 1 < items.Count && items[noun + 1].IsWord && items[noun + 1].Text == "of"))
        {
            used[noun] = true;
            var relation = item.Chains![0][^1];
            var verb = Verb(items, used, item.Text);
            return new QuestionFocus(item.Text, RelationLexicon.KindOf(relation) == ValueKind.Country ? verb ?? relation : verb ?? Verb(items, used, "where") ?? relation);
        }

        used[noun] |= item.IsWord;
        return new QuestionFocus(item.Text, Verb(items, used, item.Text));
    }
}
