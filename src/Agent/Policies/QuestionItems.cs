using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A piece of a question: a name, a relation phrase or a single word.</summary>
/// <param name="Text">Name as written; otherwise folded words.</param>
/// <param name="Name">True for a name.</param>
/// <param name="Chains">Chains of relations a phrase stands for; null for a name or a plain word.</param>
/// <param name="Possessed">True when a possessive stands before it.</param>
internal sealed record QuestionItem(string Text, bool Name, IReadOnlyList<IReadOnlyList<string>>? Chains, bool Possessed)
{
    public bool IsRole => Chains is not null;

    public bool IsWord => !Name && Chains is null;

    /// <summary>True for a noun that is no relation of the lexicon but may have its owner named after "of".</summary>
    public bool IsOpenRole =>
        IsWord && !FunctionWords.Contains(Text) && !NestedQuestion.IsTransparent(Text) && (!IsSortNoun(Text) || WordLists.PersonNouns.Contains(Text));

    /// <summary>True for a word that only says what sort of thing a name is: "the film E".</summary>
    public static bool IsSortNoun(string word) => WordLists.Works.Contains(word) || WordLists.PersonNouns.Contains(word) || WordLists.Places.Contains(word)
        || word is "films" or "movies" or "songs" or "person" or "man" or "woman" or "people" or "company" or "named" or "called" or "albums";
}

/// <summary>Cuts a question into names, relation phrases (the longest first) and words.</summary>
internal static class QuestionItems
{
    public static IReadOnlyList<QuestionItem> Of(string question, IEntityLinker linker)
    {
        var text = EnglishText.Analyze(question);
        var names = QuestionNames.Find(text, linker);
        var items = new List<QuestionItem>();
        var owned = false;
        for (var i = 0; i < text.Words.Count;)
        {
            if (IsLoosePossessive(text, i))
            {
                (owned, i) = (true, i + 1);
                continue;
            }

            var possessed = owned || (i > 0 && text.Text[text.Words[i - 1].End] is '\'' or '\u2019');
            owned = false;
            if (names.FirstOrDefault(span => span.Start == i) is { End: > 0 } name)
            {
                items.Add(new QuestionItem(name.Text, true, null, possessed));
                i = name.End;
                continue;
            }

            var (end, chains) = Phrase(text, i, names);
            items.Add(new QuestionItem(string.Join(' ', Enumerable.Range(i, end - i).Select(k => text.Words[k].Folded)), false, chains, possessed));
            i = end;
        }

        return items;
    }

    // The s of "(1920 film)'s director" stands apart from the word it belongs to.
    private static bool IsLoosePossessive(EnglishText text, int at) =>
        text.Words[at] is { Folded: "s", Start: > 0 } word && text.Text[word.Start - 1] is '\'' or '\u2019';

    private static (int End, IReadOnlyList<IReadOnlyList<string>>? Chains) Phrase(EnglishText text, int start, IReadOnlyList<NameSpan> names)
    {
        var limit = names.Where(span => span.Start > start).Select(span => span.Start).Append(text.Words.Count).Min();
        for (var end = Math.Min(limit, start + RelationLexicon.LongestPhrase); end > start; end--)
        {
            var phrase = string.Join(' ', Enumerable.Range(start, end - start).Select(k => text.Words[k].Folded));
            if (RelationLexicon.TryReadPhrase(phrase, out var chains))
            {
                return (end, chains);
            }
        }

        return (start + 1, null);
    }
}
