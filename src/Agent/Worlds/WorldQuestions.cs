using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Draws the questions of a world from all it can carry, in a fixed mix of kinds as far as there are enough of each.</summary>
internal sealed class WorldQuestions(WorldLexicon lexicon, WorldFacts facts, WorldOptions options, Seed seed)
{
    private const string Yes = "yes";
    private const string No = "no";

    /// <summary>Share of each kind among a thousand, by <see cref="QuestionMix"/>.</summary>
    private static readonly (string Group, int Chains, int Even)[] Mix =
    [
        (QuestionDraft.Lookup, 235, 120),
        ("bridge 2", 280, 150),
        ("bridge 3", 240, 140),
        ("bridge 4", 50, 60),
        (QuestionDraft.Comparison, 60, 160),
        (Yes, 25, 75),
        (No, 25, 75),
        (QuestionDraft.Intersection, 20, 80),
        ("temporal 1", 15, 20),
        ("temporal 2", 10, 20),
        ("temporal 3", 10, 20),
        ("unanswerable 1", 15, 40),
        ("unanswerable 2", 15, 40),
    ];

    private readonly Random _random = seed.ToRandom();

    /// <summary>Exactly the questions asked for, mixed, with ids in their order.</summary>
    public IReadOnlyList<Question> Draw()
    {
        var pools = Pools();
        HeldOut[] kinds = [.. new[] { HeldOut.None, HeldOut.Template, HeldOut.Composition }.Where(kind => kind == HeldOut.None || options.HeldOut.HasFlag(kind))];
        var worded = new List<(QuestionDraft Draft, string Text, HeldOut Kind)>();
        var most = 0;
        foreach (var (at, kind) in kinds.Index())
        {
            var wanted = (options.Questions * (at + 1) / kinds.Length) - (options.Questions * at / kinds.Length);
            var fitting = pools.ToDictionary(pool => pool.Key, pool => pool.Value.Where(draft => draft.IsComposition == (kind == HeldOut.Composition) && IsOffered(draft, kind)).ToArray(), StringComparer.Ordinal);
            var available = fitting.Sum(pool => pool.Value.Length);
            most = at == 0 ? available : Math.Min(most, available);
            if (wanted <= available)
            {
                worded.AddRange(Chosen(fitting, wanted).Select(draft => (draft, Words(draft, kind), kind)));
            }
        }

        return worded.Count == options.Questions ? Numbered(worded) : throw new WorldTooSmallException(options.Questions, facts.Entities.Count, kinds.Length * most);
    }

    private Dictionary<string, QuestionDraft[]> Pools()
    {
        var pairs = new PairQuestions(lexicon, facts, _random);
        var others = new OtherQuestions(lexicon, facts);
        var pools = new ChainQuestions(lexicon, facts).All()
            .Concat(pairs.Comparisons())
            .Concat(pairs.Intersections())
            .Concat(others.Joined())
            .Concat(others.Dated())
            .Concat(others.Unanswerable())
            .GroupBy(draft => draft.Group, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        var twins = pairs.YesNo().ToArray();
        _random.Shuffle(twins);
        (pools[Yes], pools[No]) = ([.. twins.Select(pair => pair.Yes)], [.. twins.Select(pair => pair.No)]);
        return pools;
    }

    private QuestionDraft[] Chosen(Dictionary<string, QuestionDraft[]> pools, int wanted)
    {
        var groups = Mix.Where(mix => pools.ContainsKey(mix.Group)).ToArray();
        var counts = Allotted([.. groups.Select(mix => options.Mix == QuestionMix.Even ? mix.Even : mix.Chains)], [.. groups.Select(mix => pools[mix.Group].Length)], wanted);
        return [.. groups.Zip(counts, (mix, count) => Ordered(mix.Group, pools[mix.Group])[..count]).SelectMany(chosen => chosen)];
    }

    /// <summary>By share as far as there is room; what is left goes to the others, in turn.</summary>
    internal static int[] Allotted(IReadOnlyList<int> shares, IReadOnlyList<int> room, int total)
    {
        var counts = new int[shares.Count];
        for (var left = total; left > 0; left = total - counts.Sum())
        {
            var open = Enumerable.Range(0, counts.Length).Where(i => counts[i] < room[i]).ToArray();
            var sum = open.Sum(i => shares[i]);
            foreach (var i in open.OrderByDescending(i => shares[i]))
            {
                var more = Math.Min(Math.Max(1, left * shares[i] / sum), Math.Min(room[i] - counts[i], total - counts.Sum()));
                counts[i] += more;
            }
        }

        return counts;
    }

    // A kind without words of its own that are held out is not asked in them.
    private bool IsOffered(QuestionDraft draft, HeldOut kind) => kind != HeldOut.Template || draft.Words(new QuestionWording(lexicon, new Random(0), heldOut: true)) is not null;

    private string Words(QuestionDraft draft, HeldOut kind) =>
        draft.Words(new QuestionWording(lexicon, _random, kind == HeldOut.Template)) ?? throw new InvalidOperationException($"a {draft.Type} question has no words");

    private IReadOnlyList<Question> Numbered(List<(QuestionDraft Draft, string Text, HeldOut Kind)> worded)
    {
        var order = worded.ToArray();
        _random.Shuffle(order);
        return [.. order.Select((question, number) => Finished(FormattableString.Invariant($"q{number:0000}"), question.Draft, question.Text, question.Kind))];
    }

    private static Question Finished(string id, QuestionDraft draft, string text, HeldOut kind)
    {
        var steps = draft.Steps();
        return new Question(id, text)
        {
            Answers = draft.Answer.Split(' ') is [var number, "kilometres" or "metres"] ? [draft.Answer, number] : [draft.Answer],
            Relevant = steps.Select(step => step.Gold!).Distinct(StringComparer.Ordinal).ToDictionary(gold => gold, _ => 1, StringComparer.Ordinal),
            Type = draft.Type,
            Hops = draft.Hops,
            HeldOut = kind switch { HeldOut.Template => "template", HeldOut.Composition => "composition", _ => "none" },
            Decomposition = steps,
            EvidenceTriplets = [.. steps.SelectMany(step => step.Triplets).Distinct()],
        };
    }

    // Twins were shuffled together: as many of each form are answered yes as no.
    private QuestionDraft[] Ordered(string group, QuestionDraft[] drafts)
    {
        if (group is Yes or No)
        {
            return drafts;
        }

        var shuffled = drafts.ToArray();
        _random.Shuffle(shuffled);
        return shuffled;
    }
}
