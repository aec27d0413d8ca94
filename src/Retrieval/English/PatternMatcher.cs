namespace Agentic.Retrieval;

/// <summary>A span a pattern slot took.</summary>
/// <param name="Element">The slot.</param>
/// <param name="Start">First word.</param>
/// <param name="End">After the last word of the value.</param>
/// <param name="Reach">After the last word consumed (a place with its country); at least <paramref name="End"/>.</param>
internal readonly record struct Capture(PatternElement Element, int Start, int End, int Reach);

/// <summary>Matches one pattern around an anchor word, forwards and backwards, without leaving the sentence.</summary>
/// <remarks>Skips are lazy and bounded, so the work per anchor is bounded too.</remarks>
internal readonly ref struct PatternMatcher(TextSpans spans, FactPattern pattern, List<Capture> captures)
{
    private const Gap Free = Gap.Dash | Gap.Quote | Gap.Apostrophe;

    /// <summary>True when the pattern fits with its anchor at <paramref name="anchor"/>; the captures are then complete, in reading order, and [start, end) is the whole match.</summary>
    public bool TryMatch(int anchor, out int start, out int end)
    {
        captures.Clear();
        (start, end) = (anchor, anchor + 1);
        if (!Forward(pattern.Anchor + 1, anchor + 1, Gap.None, Gap.None, ref end))
        {
            return false;
        }

        if (pattern.Anchor == 0)
        {
            return true;
        }

        var anchorElement = pattern.Elements[pattern.Anchor];
        return Backward(pattern.Anchor - 1, anchor, anchorElement.Required, anchorElement.Allowed, ref start);
    }

    private bool Forward(int element, int at, Gap required, Gap allowed, ref int end)
    {
        if (element == pattern.Elements.Count)
        {
            end = at;
            return true;
        }

        var current = pattern.Elements[element];
        required |= current.Required;
        allowed |= current.Allowed;
        if ((required & Gap.Open) == 0 && spans.AfterBracket(at) is var after && after > at)
        {
            at = after;
            allowed |= Gap.Close;
        }

        if (current.Kind == ElementKind.Skip)
        {
            return ForwardSkip(element, at, required, allowed, ref end);
        }

        if (at < spans.Words.Count && Fits(spans.Before(at), required, allowed))
        {
            if (current.Kind == ElementKind.Literal)
            {
                if (Array.IndexOf(current.Words, spans.Words[at].Folded) >= 0 && Forward(element + 1, at + 1, Gap.None, Gap.None, ref end))
                {
                    return true;
                }
            }
            else if (SlotReader.TryRead(spans, at, current.Type, out var valueEnd, out var reach))
            {
                var mark = captures.Count;
                captures.Add(new Capture(current, at, valueEnd, reach));
                if (Forward(element + 1, reach, Gap.None, Gap.None, ref end))
                {
                    return true;
                }

                captures.RemoveRange(mark, captures.Count - mark);
            }
        }

        return current.Optional && Forward(element + 1, at, required & ~Gap.Comma, allowed, ref end);
    }

    private bool ForwardSkip(int element, int at, Gap required, Gap allowed, ref int end)
    {
        var limit = pattern.Elements[element].Limit;
        for (var skipped = 0; ; skipped++)
        {
            var (need, may) = skipped == 0 ? (required, allowed) : (Gap.None, Gap.None);
            if (Forward(element + 1, at + skipped, need, may, ref end))
            {
                return true;
            }

            var next = at + skipped;
            if (skipped == limit || next >= spans.Words.Count || !Fits(spans.Before(next), need, may | CommaBeforeNoun(next)) || !CanSkip(next))
            {
                return false;
            }
        }
    }

    // Walks the elements before the anchor from right to left; the gap rules of an element are those of the word to its right.
    private bool Backward(int element, int at, Gap required, Gap allowed, ref int start)
    {
        if (element < 0)
        {
            start = at;
            return true;
        }

        var current = pattern.Elements[element];
        if (current.Kind == ElementKind.Skip)
        {
            return BackwardSkip(element, at, required, allowed, ref start);
        }

        if (at > 0 && Fits(spans.Before(at), required, allowed))
        {
            if (current.Kind == ElementKind.Literal)
            {
                if (Array.IndexOf(current.Words, spans.Words[at - 1].Folded) >= 0 && Backward(element - 1, at - 1, current.Required, current.Allowed, ref start))
                {
                    return true;
                }
            }
            else if (SlotReader.TryReadBack(spans, at, current.Type, out var valueStart))
            {
                captures.Insert(0, new Capture(current, valueStart, at, at));
                if (Backward(element - 1, valueStart, current.Required, current.Allowed, ref start))
                {
                    return true;
                }

                captures.RemoveAt(0);
            }
        }

        return current.Optional && Backward(element - 1, at, required, allowed | current.Allowed, ref start);
    }

    private bool BackwardSkip(int element, int at, Gap required, Gap allowed, ref int start)
    {
        var current = pattern.Elements[element];
        for (var skipped = 0; ; skipped++)
        {
            var (need, may) = skipped == 0 ? (required, allowed) : (Gap.None, Gap.None);
            need |= current.Required;
            may |= current.Allowed;
            var next = at - skipped;
            if (Backward(element - 1, next, need, may, ref start))
            {
                return true;
            }

            if (skipped == current.Limit || next <= 0 || !Fits(spans.Before(next), Gap.None, may) || !CanSkip(next - 1))
            {
                return false;
            }
        }
    }

    // "son of the writer, doctor and diplomat N": an enumeration of nouns may be skipped with its commas.
    private Gap CommaBeforeNoun(int at) => WordLists.PersonNouns.Contains(spans.Words[at].Folded) && !WordLists.Barriers.Contains(spans.Words[at].Folded) ? Gap.Comma : Gap.None;

    private bool CanSkip(int at)
    {
        var word = spans.Words[at];
        return !WordLists.Barriers.Contains(word.Folded) && spans.NameEnd(at) == 0 && (!word.Capitalized || word.SentenceStart || IsModifier(at) || CountryLexicon.TryRead(spans.Words, at, out _) || WordLists.Honorifics.Contains(word.Folded));
    }

    // "Genesis" in "Genesis drummer N": a capitalised word that begins no name and leads to a noun.
    private bool IsModifier(int at)
    {
        for (var end = at + 1; end < spans.Words.Count && end <= at + 4; end++)
        {
            if (NameFinder.IsModifier(spans, at, end))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Fits(Gap gap, Gap required, Gap allowed) =>
        (gap & required) == required && (gap & ~(allowed | Free)) == 0;
}
