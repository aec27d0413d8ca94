using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The first span of the wanted kind in a chunk about the entity, near a word of the relation: what is left when no pattern fits.</summary>
internal static class TypedSpan
{
    private const int NearWords = 12;

    /// <summary>A span as written, or null.</summary>
    public static string? Find(Chunk chunk, string relation)
    {
        var spans = TextSpans.Of(EnglishText.Analyze(chunk.Text));
        var subject = new Subject(chunk.Title, spans);
        var cues = CueWords.Of(relation);
        var near = First(spans, subject, relation, at => IsNear(spans, at, cues));
        return near ?? First(spans, subject, relation, _ => true);
    }

    private static string? First(TextSpans spans, Subject subject, string relation, Func<int, bool> accept)
    {
        var kind = RelationLexicon.KindOf(relation);
        for (var i = 0; i < spans.Words.Count; i++)
        {
            if (End(spans, subject, i, kind) is var end and > 0 && accept(i))
            {
                return kind == ValueKind.Country && CountryLexicon.TryRead(spans.Words, i, out var country) && country.IsRegion
                    ? country.Country.Name
                    : spans.Slice(i, end);
            }
        }

        return null;
    }

    private static int End(TextSpans spans, Subject subject, int at, ValueKind kind)
    {
        switch (kind)
        {
            case ValueKind.Date:
                return spans.DateAt(at).End;
            case ValueKind.Country:
                return CountryLexicon.TryRead(spans.Words, at, out var country) ? at + country.Words : 0;
            case ValueKind.Place:
                return at > 0 && spans.Words[at - 1].Folded is "in" or "at" or "from" or "near" or "of" && spans.NameEnd(at) is var place and > 0 && !subject.IsNamedBy(spans, at, place) ? place : 0;
            case ValueKind.Organization:
                return spans.NameEnd(at) is var name and > 0 && Enumerable.Range(at, name - at).Any(i => WordLists.Organizations.Contains(spans.Words[i].Folded)) ? name : 0;
            case ValueKind.Person or ValueKind.Name or ValueKind.Award:
                return SlotReader.TryRead(spans, at, "person", out var end, out _) && !subject.IsNamedBy(spans, at, end) ? end : 0;
            case ValueKind.Number:
                return char.IsAsciiDigit(spans.Words[at].Folded[0]) && spans.DateAt(at).End == 0 ? at + 1 : 0;
            default:
                return 0;
        }
    }

    private static bool IsNear(TextSpans spans, int at, IReadOnlySet<string> cues)
    {
        for (var i = at - 1; i >= 0 && i >= at - NearWords && spans.Words[i].Sentence == spans.Words[at].Sentence; i--)
        {
            if (cues.Contains(spans.Words[i].Stem))
            {
                return true;
            }
        }

        return false;
    }
}
