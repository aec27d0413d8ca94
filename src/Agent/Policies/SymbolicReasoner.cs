using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What the symbolic policy does next; a closed set.</summary>
internal abstract record SymbolicMove
{
    /// <summary>Another step.</summary>
    public sealed record Ask(IReadOnlyList<string> Entities, string Subquery) : SymbolicMove;

    /// <summary>The end, with <see cref="ProtocolText.NotStated"/> when the evidence does not say.</summary>
    public sealed record Answer(string Text) : SymbolicMove;
}

/// <summary>Carries a plan out as far as the evidence goes and says what is missing or what the answer is.</summary>
/// <param name="book">The facts shown.</param>
/// <param name="steps">The steps so far.</param>
/// <param name="mayAsk">False when the answer is due now.</param>
/// <param name="names">How the corpus writes names.</param>
internal sealed class SymbolicReasoner(EvidenceBook book, IReadOnlyList<Step> steps, bool mayAsk, CanonicalNames names)
{
    private const double SameCountryMargin = 0.28;
    private const double SameName = 0.75;
    private readonly HashSet<string> _asked = steps.Select(step => step.Subquery).ToHashSet(StringComparer.Ordinal);

    public SymbolicMove Next(SymbolicPlan plan, string question) => plan switch
    {
        SymbolicPlan.Chain chain => Follow(chain, question),
        SymbolicPlan.Compare compare => Decide(compare),
        SymbolicPlan.Same same => Decide(same),
        SymbolicPlan.Order order => Decide(order),
        SymbolicPlan.Shared shared => Decide(shared),
        SymbolicPlan.Property property => Decide(property),
        SymbolicPlan.Choose choose => Decide(choose),
        SymbolicPlan.General general => Search(general, question),
        _ => new SymbolicMove.Answer(ProtocolText.NotStated),
    };

    private WalkOutcome Walk(Leg leg, bool ask = true) => new LegWalker(book, _asked, mayAsk && ask, names).Walk(leg);

    private static SymbolicMove.Ask AskFor(WalkOutcome.Need need) => new([need.Entity], RelationLexicon.Ask(need.Relation, need.Entity));

    private SymbolicMove Follow(SymbolicPlan.Chain plan, string question) => Walk(plan.Leg) switch
    {
        WalkOutcome.Need need => AskFor(need),
        WalkOutcome.Found found => new SymbolicMove.Answer(AnswerForm.Of(found.Values, plan.Leg.Chains[0][^1])),
        WalkOutcome.Dead { IsLast: true } dead when book.About(dead.Entity) is { } chunk && TypedSpan.Find(chunk, dead.Relation) is { } span => new SymbolicMove.Answer(span),
        WalkOutcome.Dead { IsLast: false } dead when book.About(dead.Entity) is null => new SymbolicMove.Answer(SpanSearch.Best(book, question, [plan.Leg.Entity]) ?? ProtocolText.NotStated),
        _ => new SymbolicMove.Answer(ProtocolText.NotStated),
    };

    private SymbolicMove Decide(SymbolicPlan.Compare plan)
    {
        foreach (var (relation, ask) in plan.Relations.Select((relation, i) => (relation, i == 0)))
        {
            var first = Measure(plan.First, relation, plan.Count, ask, out var need);
            if (need is not null)
            {
                return AskFor(need);
            }

            var second = Measure(plan.Second, relation, plan.Count, ask, out need);
            if (need is not null)
            {
                return AskFor(need);
            }

            if (first is { } a && second is { } b)
            {
                return new SymbolicMove.Answer(plan.Least == a <= b ? plan.First.Entity : plan.Second.Entity);
            }
        }

        return new SymbolicMove.Answer(plan.First.Entity);
    }

    private SymbolicMove Decide(SymbolicPlan.Order plan)
    {
        var dates = new double?[2];
        foreach (var (i, leg) in new[] { plan.First, plan.Second }.Index())
        {
            var relation = leg.Chains[0][^1];
            dates[i] = Measure(leg with { Chains = [.. leg.Chains.Select(chain => chain.SkipLast(1).ToArray())] }, relation, false, true, out var need);
            if (need is not null)
            {
                return AskFor(need);
            }
        }

        return new SymbolicMove.Answer(dates is not [{ } first, { } second] ? ProtocolText.NotStated : plan.Before == first < second ? "yes" : "no");
    }

    private SymbolicMove Decide(SymbolicPlan.Shared plan)
    {
        var first = Walk(plan.First);
        var second = first is WalkOutcome.Need ? first : Walk(plan.Second);
        if (second is WalkOutcome.Need need)
        {
            return AskFor(need);
        }

        if (first is not WalkOutcome.Found one || second is not WalkOutcome.Found other)
        {
            return new SymbolicMove.Answer(ProtocolText.NotStated);
        }

        var common = one.Values
            .SelectMany(value => other.Values.Where(match => EntityMatch.Score(value.Text, match.Text) >= SameName).Select(match => value with { Score = value.Score * match.Score }))
            .OrderByDescending(value => value.Score).ThenBy(value => value.Text, StringComparer.Ordinal).ToArray();
        return new SymbolicMove.Answer(common.Length == 0 ? ProtocolText.NotStated : AnswerForm.Of(common, plan.First.Chains[0][^1]));
    }

    private double? Measure(Leg leg, string relation, bool count, bool ask, out WalkOutcome.Need? need)
    {
        if (relation == ComparisonLexicon.LifeSpan)
        {
            var death = Measure(leg, "date of death", false, ask, out need);
            if (need is not null)
            {
                return null;
            }

            var birth = Measure(leg, "date of birth", false, ask, out need);
            return death - birth;
        }

        var outcome = Walk(leg.Then(relation), ask);
        need = outcome as WalkOutcome.Need;
        if (outcome is not WalkOutcome.Found found)
        {
            return !count && outcome is WalkOutcome.Dead { IsLast: true } dead && book.About(dead.Entity) is { } chunk && TypedSpan.Find(chunk, relation) is { } span ? Number(span) : null;
        }

        return count ? found.Values.Count(value => value.Score >= found.Values[0].Score - 0.5) : Number(found.Values[0].Text);
    }

    private static double? Number(string value) =>
        CalendarDate.TryParse(value, out var date) ? date.InYears
        : double.TryParse(value.Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private SymbolicMove Decide(SymbolicPlan.Same plan)
    {
        var sets = new List<HashSet<string>>();
        foreach (var leg in (ReadOnlySpan<Leg>)[plan.First, plan.Second])
        {
            var outcome = Walk(leg.Then(plan.Relation));
            if (outcome is WalkOutcome.Need need)
            {
                return AskFor(need);
            }

            sets.Add(outcome is WalkOutcome.Found found ? Canonical(found.Values) : DeadSet(outcome, plan.Relation));
        }

        return new SymbolicMove.Answer(sets[0].Overlaps(sets[1]) ? "yes" : "no");
    }

    private HashSet<string> DeadSet(WalkOutcome outcome, string relation) =>
        outcome is WalkOutcome.Dead { IsLast: true } dead && book.About(dead.Entity) is { } chunk && TypedSpan.Find(chunk, relation) is { } span
            ? Canonical([new BookValue(span, 1, span)])
            : [];

    private static HashSet<string> Canonical(IReadOnlyList<BookValue> values) => values
        .Where(value => value.Score >= values[0].Score - SameCountryMargin)
        .Select(value => CountryLexicon.TryFind(value.Text, out var country) ? country.Country.State : EntityName.Key(value.Text))
        .ToHashSet(StringComparer.Ordinal);

    private SymbolicMove Decide(SymbolicPlan.Property plan)
    {
        if (Describe(plan.First, plan.Words) is { } first)
        {
            return first;
        }

        if (Describe(plan.Second, plan.Words) is { } second)
        {
            return second;
        }

        return new SymbolicMove.Answer(Coverage(plan.First, plan.Words) >= 1 && Coverage(plan.Second, plan.Words) >= 1 ? "yes" : "no");
    }

    private SymbolicMove Decide(SymbolicPlan.Choose plan)
    {
        if (Describe(plan.First, plan.Words) is { } first)
        {
            return first;
        }

        if (Describe(plan.Second, plan.Words) is { } second)
        {
            return second;
        }

        return new SymbolicMove.Answer(Coverage(plan.Second, plan.Words) > Coverage(plan.First, plan.Words) ? plan.Second.Entity : plan.First.Entity);
    }

    // A step that shows what is said of an entity, unless a chunk about it was shown.
    private SymbolicMove? Describe(Leg leg, IReadOnlyList<string> words)
    {
        var outcome = leg.Chains[0].Count == 0 ? null : Walk(leg);
        if (outcome is WalkOutcome.Need need)
        {
            return AskFor(need);
        }

        var subquery = $"{string.Join(' ', words)} {leg.Entity}".Trim();
        return mayAsk && book.About(leg.Entity) is null && !_asked.Contains(subquery) ? new SymbolicMove.Ask([leg.Entity], subquery) : null;
    }

    private double Coverage(Leg leg, IReadOnlyList<string> words)
    {
        var entity = Walk(leg) is WalkOutcome.Found found ? found.Values[0].Text : leg.Entity;
        if (book.About(entity) is not { } chunk || words.Count == 0)
        {
            return 0;
        }

        var stems = EnglishText.Analyze(chunk.Text).Words.Select(word => word.Stem).ToHashSet(StringComparer.Ordinal);
        return (double)words.Count(word => stems.Contains(PorterStemming.Stem(word))) / words.Count;
    }

    private SymbolicMove Search(SymbolicPlan.General plan, string question)
    {
        if (steps.Count == 0 && mayAsk)
        {
            return new SymbolicMove.Ask(plan.Names, question);
        }

        if (steps.Count == 1 && mayAsk && SpanSearch.Bridge(book, question, plan.Names) is { } bridge)
        {
            return new SymbolicMove.Ask([bridge], $"{question} {bridge}");
        }

        return new SymbolicMove.Answer(SpanSearch.Best(book, question, plan.Names) ?? ProtocolText.NotStated);
    }
}
