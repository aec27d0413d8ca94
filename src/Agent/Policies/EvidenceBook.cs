using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A value of a relation with how surely it was read.</summary>
/// <param name="Text">As written in the evidence.</param>
/// <param name="Score">Above 0.</param>
/// <param name="Source">The sentence or triplet it was read from.</param>
internal readonly record struct BookValue(string Text, double Score, string Source);

/// <summary>Everything the shown evidence says, as facts: chunks read by patterns, triplets as they are.</summary>
internal sealed class EvidenceBook
{
    private const double TripletScore = 0.8;
    private const double InverseWeight = 0.9;
    private const double OpenBelow = 0.45;
    private readonly List<ShownPage> _pages = [];
    private readonly List<Entry> _entries = [];

    public EvidenceBook(IReadOnlyList<Step> steps)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var evidence in steps.SelectMany(step => step.Evidence))
        {
            if (evidence is Evidence.OfChunk { Chunk: var chunk } && seen.Add("c" + chunk.Id))
            {
                AddChunk(chunk);
            }
            else if (evidence is Evidence.OfTriplet { Triplet: var triplet } && seen.Add("t" + triplet.Text))
            {
                AddTriplet(triplet);
            }
        }
    }

    /// <summary>The chunks shown, in the order of first showing.</summary>
    public IEnumerable<Chunk> Chunks => _pages.Select(page => page.Chunk);

    /// <summary>Values of a relation of an entity, best first, one entry for each value.</summary>
    /// <param name="passed">Entities already passed on the way: what is said of them is not said of this one.</param>
    public IReadOnlyList<BookValue> Find(string entity, string relation, params ReadOnlySpan<string> passed)
    {
        var matches = new Dictionary<string, double>(StringComparer.Ordinal);
        var best = new Dictionary<string, BookValue>(StringComparer.Ordinal);
        var open = OpenRelation.Of(relation);
        foreach (var entry in _entries)
        {
            foreach (var (sought, weight) in RelationKin.Readings(open.Known ?? relation))
            {
                if (entry.Relation == sought.Relation && (sought.Sex == 0 || entry.Page is null || entry.Page.Sex * sought.Sex >= 0))
                {
                    var (head, tail) = sought.Inverse ? (entry.Tail, entry.Head) : (entry.Head, entry.Tail);
                    var match = Match(entity, head, sought.Inverse ? null : entry.Page, matches);
                    match = IsAboutPassed(passed, head, match) ? 0 : match;
                    Keep(best, new BookValue(tail, weight * (sought.Inverse ? InverseWeight : 1) * entry.Score * match, entry.Source));
                }
            }
        }

        if (open.IsReadable && !best.Values.Any(value => value.Score >= OpenBelow))
        {
            foreach (var value in OpenReader.Find(_pages, entity, open))
            {
                Keep(best, value);
            }
        }

        var values = best.Values.OrderByDescending(value => value.Score).ThenBy(value => value.Text, StringComparer.Ordinal).ToArray();
        return RelationLexicon.KindOf(relation) == ValueKind.Person ? Fuller(values) : values;
    }

    // "Polanski" beside "Roman Polanski" is one value, the fuller name with the better score.
    private static List<BookValue> Fuller(BookValue[] values)
    {
        var kept = new List<BookValue>();
        var keys = values.Select(value => $" {EntityName.Key(value.Text)} ").ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var fuller = Array.FindIndex(keys, key => key.Length > keys[i].Length && key.Contains(keys[i], StringComparison.Ordinal));
            var value = fuller >= 0 ? values[fuller] with { Score = Math.Max(values[i].Score, values[fuller].Score) } : values[i];
            if (!kept.Exists(known => known.Text == value.Text))
            {
                kept.Add(value);
            }
        }

        return kept;
    }

    /// <summary>The shown chunk that is about an entity; null when none is.</summary>
    public Chunk? About(string entity)
    {
        var matches = new Dictionary<string, double>(StringComparer.Ordinal);
        return _pages.Select(page => (page.Chunk, Score: Match(entity, page.Title, page, matches)))
            .Where(pair => pair.Score >= EntityMatch.Least)
            .OrderByDescending(pair => pair.Score)
            .Select(pair => pair.Chunk)
            .FirstOrDefault();
    }

    private static bool IsAboutPassed(ReadOnlySpan<string> passed, string head, double match)
    {
        foreach (var name in passed)
        {
            if (match > 0 && EntityMatch.Score(name, head) > match)
            {
                return true;
            }
        }

        return false;
    }

    private static void Keep(Dictionary<string, BookValue> best, BookValue value)
    {
        var key = EntityName.Key(value.Text);
        if (value.Score > 0 && (!best.TryGetValue(key, out var known) || known.Score < value.Score))
        {
            best[key] = value;
        }
    }

    private static double Match(string entity, string head, ShownPage? page, Dictionary<string, double> known)
    {
        if (!known.TryGetValue(head, out var score))
        {
            score = EntityMatch.Score(entity, head);
            known.Add(head, score);
        }

        if (page is not null && head == page.Title)
        {
            score = Math.Max(score, page.Aliases.Select(alias => 0.85 * EntityMatch.Score(entity, alias)).DefaultIfEmpty(0).Max());
        }

        return score >= EntityMatch.Least ? score : 0;
    }

    private void AddChunk(Chunk chunk)
    {
        var spans = TextSpans.Of(EnglishText.Analyze(chunk.Text));
        var subject = new Subject(chunk.Title, spans);
        var facts = FactReader.Read(spans, subject);
        var aliases = facts.Where(fact => fact.Relation == "known as" && fact.Head == subject.Name).Select(fact => fact.Tail);
        var page = new ShownPage(chunk, spans, subject, [.. subject.Aliases, .. aliases]);
        _pages.Add(page);
        _entries.AddRange(facts.Select(fact => new Entry(fact.Head, fact.Relation, fact.Tail, fact.Score, page, $"{fact.Head} {fact.Relation} {fact.Tail}")));
    }

    // A triplet in the lexicon's words is a fact; one in other words ("was born in") is read like a sentence.
    private void AddTriplet(Triplet triplet)
    {
        if (RelationLexicon.TryGet(triplet.Relation, out _))
        {
            _entries.Add(new Entry(triplet.Head, triplet.Relation, triplet.Tail, TripletScore, null, triplet.Text));
            return;
        }

        foreach (var fact in FactReader.Read(triplet.Head, $"{triplet.Head} {triplet.Relation} {triplet.Tail}."))
        {
            _entries.Add(new Entry(fact.Head, fact.Relation, fact.Tail, TripletScore * fact.Score, null, triplet.Text));
        }
    }

    private sealed record Entry(string Head, string Relation, string Tail, double Score, ShownPage? Page, string Source);
}
