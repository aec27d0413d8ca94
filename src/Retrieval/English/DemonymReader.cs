namespace Agentic.Retrieval;

/// <summary>Reads nationalities whose country no lexicon holds: "a Vardish painter", "the Vardish painter N", by the form of the adjective and the noun it describes.</summary>
internal static class DemonymReader
{
    private const double OfSubject = 0.8;
    private const double OfName = 0.75;
    private const int MostBetween = 2;
    private const Gap Breaks = Gap.Comma | Gap.Open | Gap.Close | Gap.Stop | Gap.Sentence | Gap.Possessive;
    private static readonly string[] Endings = ["an", "ese", "ish", "ic", "ite"];

    /// <summary>Adds a nationality for the subject and for names that stand behind adjective and noun.</summary>
    public static void Read(TextSpans spans, Subject subject, List<ReadFact> facts)
    {
        for (var i = 1; i < spans.Words.Count; i++)
        {
            if (IsDemonym(spans, i) && NounEnd(spans, i + 1) is var end and > 0)
            {
                var name = end < spans.Words.Count && (spans.Before(end) & Breaks) == 0 ? spans.NameEnd(end) : 0;
                var isSubject = spans.Words[i - 1].Folded is "a" or "an" && i > 1 && spans.Words[i - 2].Folded is "is" or "was";
                if (name > 0 || isSubject)
                {
                    var head = name == 0 || subject.IsNamedBy(spans, end, name) ? subject.Name : spans.Slice(end, name);
                    facts.Add(new ReadFact(head, "nationality", spans.Slice(i, i + 1), name > 0 ? OfName : OfSubject, spans.Words[i].Sentence, spans.Words[i].Start));
                }
            }
        }
    }

    private static bool IsDemonym(TextSpans spans, int at)
    {
        var word = spans.Words[at];
        return word.Capitalized && !word.SentenceStart && word.Folded.Length > 4 && !spans.Words[at - 1].Capitalized
            && Endings.Any(ending => word.Folded.EndsWith(ending, StringComparison.Ordinal))
            && !CountryLexicon.TryRead(spans.Words, at, out _);
    }

    // "film director" behind the adjective: up to two small words, the last a noun for a person.
    private static int NounEnd(TextSpans spans, int start)
    {
        var end = 0;
        for (var i = start; i < spans.Words.Count && i - start <= MostBetween && !spans.Words[i].Capitalized && (spans.Before(i) & Breaks) == 0; i++)
        {
            end = WordLists.PersonNouns.Contains(spans.Words[i].Folded) ? i + 1 : end;
        }

        return end;
    }
}
