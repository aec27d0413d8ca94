using Agentic.Retrieval;

namespace Agentic.Agent.Tests;

public sealed class IpDpoPairRuleTests
{
    private static readonly IPairRule Rule = new IpDpoPairRuleOptions().Build();

    private static PairCandidate Multi(string id, double format, double outcome, double process) => new(id, HopKind.Multi, format, outcome, process);

    private static PairCandidate Single(string id, double format, double outcome) => new(id, HopKind.Single, format, outcome, 0);

    private static string[] Pairs(PairSelection selection) => [.. selection.Pairs.Select(pair => $"{pair.Chosen.Id}>{pair.Rejected.Id} {pair.Reason}")];

    [Fact]
    public void The_best_chosen_meets_the_worst_rejected_and_so_on()
    {
        var selection = Rule.Select("q", [Multi("a", 1, 1, 0.7), Multi("b", 1, 1, 0.9), Multi("c", 1, 0.3, 0.2), Multi("d", 0, 0, 0), Multi("e", 1, 0.5, 0.6)]);

        // Chosen: b (2.9), a (2.7). Rising: d (0), c (1.5), e (2.1).
        Assert.Equal(["b>d Format", "a>c Easy"], Pairs(selection));
        Assert.Equal(CandidateFate.NotNeeded, selection.Fates["e"]);
    }

    [Fact]
    public void The_cursor_never_goes_back()
    {
        // x (0.4 at 0.95) is too good in process for a (0.7); once passed it is gone, though b's process (0.9) would not have done either. y is easy for a; nothing is left for b.
        var selection = Rule.Select("q", [Multi("b", 1, 1, 0.9), Multi("a", 1, 1, 0.95), Multi("x", 1, 0.4, 0.99), Multi("y", 1, 0.6, 0.95)]);

        // Chosen a (2.95), b (2.9); rising x (2.39), y (2.55): x has more process than a and is passed; y is hard for a (0.6 <= 0.7, 0.95 <= 0.95).
        Assert.Equal(["a>y Hard"], Pairs(selection));
        Assert.Equal(CandidateFate.Between, selection.Fates["x"]);
        Assert.Equal(CandidateFate.Unmatched, selection.Fates["b"]);
    }

    [Fact]
    public void A_nearly_exact_answer_needs_more_process()
    {
        string[] Chosen(PairCandidate candidate) => [.. Rule.Select("q", [candidate, Multi("z", 0, 0, 0)]).Pairs.Select(pair => pair.Chosen.Id)];

        Assert.Equal(["a"], Chosen(Multi("a", 1, 1, 0.7)));
        Assert.Empty(Chosen(Multi("a", 1, 1, 0.699)));
        Assert.Equal(["a"], Chosen(Multi("a", 1, 0.8, 0.8)));
        Assert.Empty(Chosen(Multi("a", 1, 0.8, 0.799)));
        Assert.Empty(Chosen(Multi("a", 0, 1, 1)));
    }

    [Fact]
    public void A_single_hop_wants_one_step_and_an_exact_answer_and_knows_no_hard_rejection()
    {
        // r_out is divided by steps: b took two steps, c four.
        var selection = Rule.Select("q", [Single("a", 1, 1), Single("b", 1, 0.5), Single("c", 1, 0.25)]);

        Assert.Equal(["a>c Easy"], Pairs(selection));
        Assert.Equal(CandidateFate.NotNeeded, selection.Fates["b"]);
    }

    [Fact]
    public void Ties_go_by_ordinal_id()
    {
        var selection = Rule.Select("q", [Single("q-2", 1, 1), Single("q-10", 1, 1), Single("q-9", 0, 0), Single("q-11", 0, 0)]);

        Assert.Equal(["q-10>q-11 Format", "q-2>q-9 Format"], Pairs(selection));
    }

    [Fact]
    public void What_obeyed_an_instruction_is_never_chosen()
    {
        var selection = Rule.Select("q", [Multi("a", 1, 1, 1) with { HasObeyed = true }, Multi("b", 1, 1, 0.8), Multi("c", 0, 0, 0)]);

        Assert.Equal(["b>c Format"], Pairs(selection));
        Assert.Equal(CandidateFate.ObeyedInstruction, selection.Fates["a"]);
    }

    [Fact]
    public void Without_process_and_form_the_answer_alone_decides()
    {
        var selection = new OutcomeOnlyPairRuleOptions().Build().Select(
            "q", [Single("a", 1, 0.5) with { Value = 1 }, Single("b", 0, 0), Multi("c", 0, 1, 0) with { Kind = HopKind.Single, Value = 1 }]);

        // a took two steps: r_out 0.5, value 1. Form does not count: c is as good as a and comes second.
        Assert.Equal(["a>b Easy"], Pairs(selection));
        Assert.Equal(CandidateFate.Unmatched, selection.Fates["c"]);
    }

    [Fact]
    public void Every_small_case_equals_the_rule_as_the_paper_states_it()
    {
        var grid = (from format in new[] { 0.0, 1 } from outcome in new[] { 0, 0.3, 0.5, 0.8, 1 } from process in new[] { 0.5, 0.7, 0.8 } select (format, outcome, process)).ToArray();
        foreach (var kind in Enum.GetValues<HopKind>())
        {
            for (var code = 0; code < grid.Length * grid.Length * grid.Length; code++)
            {
                int[] at = [code % grid.Length, code / grid.Length % grid.Length, code / grid.Length / grid.Length];
                AssertEqualsPaper([.. at.Index().Select(pair => new PairCandidate($"t{pair.Index}", kind, grid[pair.Item].format, grid[pair.Item].outcome, grid[pair.Item].process))], new IpDpoPairRuleOptions());
            }
        }
    }

    [Fact]
    public void Ten_thousand_random_cases_equal_the_paper_whatever_the_order_and_the_thresholds()
    {
        var random = new Seed(11).ToRandom();
        double Level(params double[] usual) => random.Next(3) == 0 ? random.NextDouble() : usual[random.Next(usual.Length)];
        for (var number = 0; number < 10_000; number++)
        {
            var kind = (HopKind)random.Next(2);
            var candidates = Enumerable.Range(0, random.Next(1, 12))
                .Select(at => new PairCandidate($"t{at}", kind, random.Next(4) == 0 ? 0 : 1, Level(0, 0.3, 0.5, 0.7, 0.8, 1), Level(0.5, 0.7, 0.8, 1.2))).ToArray();
            var options = random.Next(2) == 0 ? new IpDpoPairRuleOptions() : new IpDpoPairRuleOptions
            {
                ProcessWhenExact = random.NextDouble(), OutcomeWhenNear = random.NextDouble(), ProcessWhenNear = random.NextDouble(), EasyOutcome = random.NextDouble(), HardMargin = random.NextDouble(),
            };
            var straight = AssertEqualsPaper(candidates, options);
            random.Shuffle(candidates);
            Assert.Equal(straight, Pairs(options.Build().Select("q", candidates)));
        }
    }

    [Fact]
    public void Random_pairs_are_as_many_and_use_nothing_twice()
    {
        PairCandidate[] candidates = [Multi("a", 1, 1, 0.7), Multi("b", 1, 1, 0.9), Multi("c", 1, 0.3, 0.2), Multi("d", 0, 0, 0), Multi("e", 1, 0.5, 0.6) with { HasObeyed = true }];
        var drawn = Enumerable.Range(0, 50).Select(question => new RandomPairRuleOptions().Build().Select($"q{question}", candidates)).ToList();

        Assert.All(drawn, selection =>
        {
            var used = selection.Pairs.SelectMany(pair => new[] { pair.Chosen.Id, pair.Rejected.Id }).ToList();
            Assert.Equal(2, selection.Pairs.Count);
            Assert.Equal(used.Distinct(), used);
            Assert.DoesNotContain("e", selection.Pairs.Select(pair => pair.Chosen.Id));
        });
        Assert.True(drawn.Select(selection => string.Join(' ', Pairs(selection))).Distinct().Count() > 10);
        Assert.Equal(Pairs(drawn[3]), Pairs(new RandomPairRuleOptions().Build().Select("q3", [.. candidates.Reverse()])));
    }

    [Fact]
    public void Random_pairs_never_compare_what_says_the_same()
    {
        PairCandidate[] candidates = [.. Enumerable.Range(0, 8).Select(at => Multi($"t{at}", at < 4 ? 1 : 0, at < 4 ? 1 : 0, at < 4 ? 1 : 0) with { Content = at < 4 ? "right" : "wrong" })];

        Assert.All(Enumerable.Range(0, 50), question => Assert.All(
            new RandomPairRuleOptions().Build().Select($"q{question}", candidates).Pairs, pair => Assert.NotEqual(pair.Chosen.Content, pair.Rejected.Content)));
    }

    [Fact]
    public void Between_good_and_bad_form_there_is_nothing()
    {
        // Another scorer's half a point: neither 1 nor 0, so neither rule of rejection holds.
        Assert.Empty(Rule.Select("q", [Multi("a", 1, 1, 1), Multi("b", 0.5, 0, 0)]).Pairs);
    }

    [Fact]
    public void Equal_steps_pairs_right_and_wrong_of_the_same_length()
    {
        PairCandidate[] candidates =
        [
            Multi("a", 1, 1, 0.4) with { Steps = 3 }, Multi("b", 1, 0, 0.4) with { Steps = 3 }, Multi("c", 1, 0, 0.4) with { Steps = 2 }, Multi("d", 0, 0, 0) with { Steps = 3 },
        ];

        Assert.Equal(["a>b EqualSteps"], Pairs(new EqualStepsPairRuleOptions().Build().Select("q", candidates)));

        // The paper's rule alone chooses nothing here: a has too little process.
        Assert.Equal(["a>b EqualSteps"], Pairs(new IpDpoPairRuleOptions { EqualSteps = true }.Build().Select("q", candidates)));
    }

    // The list of the paper, read as a program of its own: sort, then for each chosen one take candidates off the front until one fits.
    private static string[] AssertEqualsPaper(PairCandidate[] candidates, IpDpoPairRuleOptions options)
    {
        var selection = options.Build().Select("q", candidates);
        var isMulti = candidates[0].Kind == HopKind.Multi;
        bool IsChosen(PairCandidate t) => t.Format == 1 && (isMulti
            ? (t.Outcome == 1 && t.Process >= options.ProcessWhenExact) || (t.Outcome >= options.OutcomeWhenNear && t.Process >= options.ProcessWhenNear)
            : t.Outcome == 1);
        var chosen = candidates.Where(IsChosen).ToList();
        chosen.Sort((x, y) => (y.Format + y.Outcome + y.Process).CompareTo(x.Format + x.Outcome + x.Process) is var order and not 0 ? order : string.CompareOrdinal(x.Id, y.Id));
        var walk = candidates.Except(chosen).ToList();
        walk.Sort((x, y) => (x.Format + x.Outcome + x.Process).CompareTo(y.Format + y.Outcome + y.Process) is var order and not 0 ? order : string.CompareOrdinal(x.Id, y.Id));
        var expected = new List<string>();
        foreach (var w in chosen)
        {
            while (walk.Count > 0)
            {
                var l = walk[0];
                walk.RemoveAt(0);
                var reason = l.Format == 0 ? "Format"
                    : l.Format == 1 && l.Outcome <= options.EasyOutcome ? "Easy"
                    : isMulti && l.Format == 1 && l.Outcome > options.EasyOutcome && l.Outcome <= w.Outcome - options.HardMargin && l.Process <= w.Process ? "Hard" : null;
                if (reason is not null)
                {
                    expected.Add($"{w.Id}>{l.Id} {reason}");
                    break;
                }
            }
        }

        Assert.Equal(expected, Pairs(selection));
        Assert.Equal(candidates.Select(candidate => candidate.Id).Order(StringComparer.Ordinal), selection.Fates.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(selection.Pairs.Count, selection.Fates.Values.Count(fate => fate == CandidateFate.Rejected));
        Assert.Equal(selection.Pairs.Count, selection.Fates.Values.Count(fate => fate == CandidateFate.Chosen));
        return [.. expected];
    }
}
