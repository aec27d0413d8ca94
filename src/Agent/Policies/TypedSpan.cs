using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The likeliest span of the wanted kind in a chunk about the entity: what is left when no pattern fits.</summary>
internal static class TypedSpan
{
    private const int NearWords = 12;
    private const double PerSentence = 0.15;

    /// <summary>A span as written, or null.</summary>
    public static string? Find(Chunk chunk, string relation)
    {
        var spans = TextSpans.Of(EnglishText.Analyze(chunk.Text));
        var subject = new Subject(chunk.Title, spans);
        var cues = CueWords.Of(relation);
        var kind = RelationLexicon.KindOf(relation);
        (double Score, string Text)? best = null;
        for (var i = 0; i < spans.Words.Count; i++)
        {
            var end = End(spans, subject, i, kind, out var weight);
            if (end == 0 || (kind is ValueKind.Person or ValueKind.Name && !IsNear(spans, i, cues)))
            {
                continue;
            }

            var score = weight + (IsNear(spans, i, cues) ? 1 : 0) - (PerSentence * Math.Min(6, spans.Words[i].Sentence));
            if (best is null || score > best.Value.Score)
            {
                best = (score, Written(spans, i, end, kind));
            }
        }

        return best?.Text;
    }

    private static string Written(TextSpans spans, int start, int end, ValueKind kind) =>
        kind == ValueKind.Country && CountryLexicon.TryRead(spans.Words, start, out var country) && country.IsRegion
            ? country.Country.Name
            : spans.Slice(start, end);

    private static int End(TextSpans spans, Subject subject, int at, ValueKind kind, out double weight)
    {
        weight = 0;
        switch (kind)
        {
            case ValueKind.Date:
                return spans.DateAt(at).End;
            case ValueKind.Country:
                return CountryLexicon.TryRead(spans.Words, at, out var country) ? at + country.Words : 0;
            case ValueKind.Place:
                return PlaceEnd(spans, subject, at, out weight);
            case ValueKind.Organization:
                return spans.NameEnd(at) is var name and > 0 && Enumerable.Range(at, name - at).Any(i => WordLists.Schools.Contains(spans.Words[i].Folded)) ? name : 0;
            case ValueKind.Person or ValueKind.Name:
                return SlotReader.TryRead(spans, at, "person", out var end, out _) && !subject.IsNamedBy(spans, at, end) ? end : 0;
            case ValueKind.Number:
                return char.IsAsciiDigit(spans.Words[at].Folded[0]) && spans.DateAt(at).End == 0 ? at + 1 : 0;
            default:
                return 0;
        }
    }

    // "in Leiden, Holland" is surely a place; a name after "in" may be one; a quoted or organization's name is none, a country a last resort.
    private static int PlaceEnd(TextSpans spans, Subject subject, int at, out double weight)
    {
        weight = 0;
        var end = spans.NameEnd(at);
        if (end == 0 || end - at > 4 || (spans.Before(at) & Gap.Quote) != 0 || subject.IsNamedBy(spans, at, end))
        {
            return 0;
        }

        var isKnown = CountryLexicon.TryRead(spans.Words, at, out var country) && at + country.Words == end;
        if (isKnown && country.IsAdjective)
        {
            return 0;
        }

        SlotReader.TryRead(spans, at, "place", out _, out var reach);
        var continues = reach > end && CountryLexicon.TryRead(spans.Words, end, out var within) && !within.IsAdjective;
        var before = at > 0 ? spans.Words[at - 1].Folded : "";
        var opens = before is "in" or "at" or "from" or "near" or "to";
        var isOrganization = Enumerable.Range(at, end - at).Any(i => WordLists.Organizations.Contains(spans.Words[i].Folded));
        weight = (continues ? 1.2 : 0) + (isKnown && country.IsRegion ? 1 : 0) + (isKnown && !country.IsRegion ? -0.6 : 0)
            + (before == "in" ? 0.8 : opens ? 0.5 : 0) - (isOrganization ? 0.8 : 0);
        return opens || continues || (isKnown && country.IsRegion) ? end : 0;
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
