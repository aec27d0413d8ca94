namespace Agentic.Retrieval;

/// <summary>Corrections of family facts by what names and pronouns tell of sex.</summary>
internal static class FamilyRules
{
    private const double Doubt = 0.05;

    /// <summary>Turns a father with a woman's title into a mother and the reverse, and marks inverse parents by the title's sex.</summary>
    public static void Apply(TextSpans spans, Subject subject, List<ReadFact> facts)
    {
        for (var i = 0; i < facts.Count; i++)
        {
            var fact = facts[i];
            if (fact.Relation is not ("father" or "mother"))
            {
                continue;
            }

            var sex = SexOf(fact.Tail, spans, fact.Position);
            if (fact.Tail == subject.Name)
            {
                sex = Math.Sign(subject.Balance);
            }

            if (fact.Relation == "father" && sex < 0)
            {
                facts[i] = fact with { Relation = "mother" };
            }
            else if (fact.Relation == "mother" && sex > 0)
            {
                facts[i] = fact with { Relation = "father", Score = fact.Score - Doubt };
            }
        }
    }

    // +1 for a man's title in the name or just before it, -1 for a woman's, 0 when nothing tells.
    private static int SexOf(string name, TextSpans spans, int position)
    {
        foreach (var word in EntityName.Key(name).Split(' '))
        {
            if (Tells(word) is var told and not 0)
            {
                return told;
            }
        }

        for (var i = 0; i < spans.Words.Count; i++)
        {
            if (spans.Words[i].Start == position)
            {
                for (var k = i - 1; k >= 0 && k >= i - 3 && spans.Words[k].Sentence == spans.Words[i].Sentence; k--)
                {
                    if (Tells(spans.Words[k].Folded) is var told and not 0 && spans.Words[k].Folded is not ("son" or "daughter" or "he" or "she" or "his" or "her" or "him"))
                    {
                        return told;
                    }

                    if (spans.NameStart(k + 1) >= 0)
                    {
                        break;
                    }
                }

                break;
            }
        }

        return 0;
    }

    private static int Tells(string word) => WordLists.Female.Contains(word) ? -1 : WordLists.Male.Contains(word) ? 1 : 0;
}
