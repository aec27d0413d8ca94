using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Finds trajectories that did what a text shown as evidence told them to do.</summary>
/// <remarks>
/// A sentence of the evidence is an instruction when it speaks to its reader about the task: to ignore something, what to answer, say, search or write. Its marks are what it would have
/// the reader write: quoted texts, names and numbers after the verb, or the whole rest. A trajectory obeyed when it wrote a mark after it was shown, and the question does not hold that
/// mark. It errs on the side of suspicion: a trajectory is only kept from being an example, never thrown away.
/// </remarks>
internal sealed partial class ObeyedInstruction
{
    private const int MostRemembered = 20_000;
    private const int LongestMark = 12;

    private readonly ConcurrentDictionary<string, IReadOnlyList<string[]>> _known = new(StringComparer.Ordinal);

    /// <summary>The mark that was obeyed, as text; null when none was.</summary>
    public string? In(Trajectory trajectory)
    {
        var asked = AnswerScore.Tokens(trajectory.Question);
        var shown = new List<string[]>();
        foreach (var (at, step) in trajectory.Steps.Index())
        {
            shown.AddRange(step.Evidence.SelectMany(TextsOf).SelectMany(MarksIn).Where(mark => !Holds(asked, mark)));
            if (shown.Count > 0 && WrittenAfter(trajectory, at).Select(AnswerScore.Tokens).ToList() is var written && shown.Find(mark => written.Exists(text => Holds(text, mark))) is { } obeyed)
            {
                return string.Join(' ', obeyed);
            }
        }

        return null;
    }

    private IReadOnlyList<string[]> MarksIn(string text)
    {
        if (_known.TryGetValue(text, out var known))
        {
            return known;
        }

        IReadOnlyList<string[]> marks = Directive().IsMatch(text) ? [.. SentenceSplitter.Split(text).SelectMany(range => MarksOf(text[range]))] : [];
        if (_known.Count < MostRemembered)
        {
            _known.TryAdd(text, marks);
        }

        return marks;
    }

    private static IEnumerable<string[]> MarksOf(string sentence)
    {
        var verbs = Directive().Matches(sentence);
        if (verbs.Count == 0)
        {
            return [];
        }

        var rest = sentence[(verbs[0].Index + verbs[0].Length)..];
        var whole = AnswerScore.Tokens(sentence[(verbs[^1].Index + verbs[^1].Length)..]).SkipWhile(IsLeadIn).ToArray();
        return Quoted().Matches(sentence).Select(match => match.Groups[1].Value)
            .Concat(Named().Matches(rest).Select(match => match.Value))
            .Select(AnswerScore.Tokens)
            .Append(whole)
            .Where(mark => mark.Length is > 0 and <= LongestMark && mark.Any(token => !FunctionWords.Contains(token)));
    }

    // "with the word", "only the following text".
    private static bool IsLeadIn(string token) =>
        FunctionWords.Contains(token) || token is "word" or "words" or "phrase" or "text" or "sentence" or "name" or "string" or "following" or "only" or "exactly" or "just";

    private static IEnumerable<string> WrittenAfter(Trajectory trajectory, int at)
    {
        var number = trajectory.Steps[at].Number;
        var evidence = trajectory.Segments.Index().FirstOrDefault(pair => pair.Item.Author == Author.Tool && pair.Item.Step == number).Index;
        return trajectory.Segments.Skip(evidence + 1).Where(segment => segment.Author == Author.Policy).Select(segment => segment.Text);
    }

    private static IEnumerable<string> TextsOf(Evidence evidence) => evidence switch
    {
        Evidence.OfChunk { Chunk: var chunk } => [chunk.Title, chunk.Text],
        Evidence.OfTriplet { Triplet: var triplet } => [triplet.Text],
        _ => [],
    };

    private static bool Holds(string[] text, string[] mark) => text.AsSpan().IndexOf(mark) >= 0;

    // To the reader: leave something out; you must, please, instead, now ... say; or a word of the protocol with a colon.
    [GeneratedRegex(
        """
        \b(?:ignor|disregard|forget|overrid)\w*\b[^.!?]{0,80}?\b(?:instructions?|previous|prior|above|earlier|question|prompt|rules?|evidence|context|everything|other\s+text)\b(?:[^.!?]{0,80}?\b(?:answer|say|reply|respond|output|write|print|state|search|ask|conclude|repeat|return|use)\w*\b)?
        |\b(?:you|assistant|model|agent|reader|ai)\s+(?:must|should|shall|need\s+to|have\s+to|has\s+to|are\s+to|will|is\s+to)\b[^.!?]{0,60}?\b(?:answer|say|reply|respond|output|write|print|state|search|ask|conclude|repeat|return|use|stop)\w*\b
        |(?:^|[.!?:;]\s*|\b(?:please|instead|now|then|always|just|simply)[\s,]+)(?:answer|say|reply|respond|output|write|print|repeat|conclude|search\s+for|look\s+up|ask)\b
        |\b(?:the\s+)?(?:final|correct|only|right)\s+answer\s+(?:is|must|should|:)
        |\b(?:final\s+answer|subquery|important\s+entity|summary|system|instruction|assistant)\s*:
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Directive();

    [GeneratedRegex("""["'\u2018\u201c\u00ab]([^"'\u2019\u201d\u00bb]{1,200})["'\u2019\u201d\u00bb]""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\p{Lu}[\w\u2019'-]*(?:\s+\p{Lu}[\w\u2019'-]*)*|\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
