namespace Agentic.Retrieval;

/// <summary>What kind of value a question asks for, by its question word and the noun after it.</summary>
internal static class QuestionKind
{
    /// <summary>The kind by the first question word; <see cref="ValueKind.Name"/> when nothing tells.</summary>
    public static ValueKind Of(IReadOnlyList<Word> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var next = i + 1 < words.Count ? words[i + 1].Folded : "";
            switch (words[i].Folded)
            {
                case "who" or "whom" or "whose":
                    return ValueKind.Person;
                case "when":
                    return ValueKind.Date;
                case "where":
                    return ValueKind.Place;
                case "how" when next is not ("did" or "does" or "do" or "was" or "is" or "were" or "are" or "come" or "can" or "could" or ""):
                    return ValueKind.Number;
                case "what" or "which":
                    return OfNoun(next);
            }
        }

        return ValueKind.Name;
    }

    private static ValueKind OfNoun(string noun) =>
        noun is "year" or "date" or "month" or "day" or "decade" or "century" ? ValueKind.Date
        : noun is "country" or "nationality" ? ValueKind.Country
        : noun is "region" or "continent" or "location" || (WordLists.Places.Contains(noun) && !WordLists.Organizations.Contains(noun)) ? ValueKind.Place
        : WordLists.PersonNouns.Contains(noun) || noun is "person" or "man" or "woman" ? ValueKind.Person
        : ValueKind.Name;
}
