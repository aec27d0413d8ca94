using Agentic.Retrieval;

namespace Agentic.Training.Tests;

public sealed class PreferenceRunTests
{
    private static PairItems Pairs { get; } = RandomPairs.Items(pairs: 20, vocabulary: 250, longest: 36);

    public static TheoryData<string, ObjectiveOptions> Kinds => new()
    {
        { "dpo", new DpoOptions() },
        { "kto", new KtoOptions() },
        { "tdpo2", new Tdpo2Options() },
        { "orpo", new OrpoOptions() },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_interrupted_run_goes_on_to_the_same_bits(string kind, ObjectiveOptions options)
    {
        using var small = Small(options);
        var whole = small.Train("whole");

        foreach (var stop in new[] { 2, 7 })
        {
            var before = small.Train($"{kind}-{stop}", stop);
            var after = small.Train($"{kind}-{stop}");

            Assert.Equal(whole.Select(report => (report.Loss, report.GradNorm)), before.Concat(after).Select(report => (report.Loss, report.GradNorm)));
            Assert.Equal(small.Weights("whole"), small.Weights($"{kind}-{stop}"));
        }
    }

    // The policy is the reference before the first update: every log-ratio is 0, so every loss is log 2 and no pair is won.
    [Fact]
    public void The_first_update_of_dpo_starts_at_log_two()
    {
        using var small = Small(new DpoOptions { Beta = 0.7 });

        var first = small.Train("run")[0];

        Assert.Equal(Math.Log(2), first.Loss, 1e-6);
        Assert.Equal(0.5, first.Metrics["rewards/accuracies"], 1e-9);
        Assert.Equal(0, first.Metrics["kl_token"], 1e-9);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_micro_batch_and_many_on_workers_give_one_curve(string kind, ObjectiveOptions options)
    {
        using var one = Small(options, microBatchTokens: 100_000, workers: 1);
        using var many = Small(options, microBatchTokens: 80, workers: 3);

        var (expected, actual) = (one.Train(kind), many.Train(kind));

        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-9);
            Assert.Equal(pair.First.GradNorm, pair.Second.GradNorm, 1e-8);
        });
    }

    // A rate that makes every pair unlikely: the alarm rings once, and stops the run with what it has.
    [Fact]
    public void An_alarm_warns_once_and_stops_the_run_where_it_is_to()
    {
        var alarms = new AlarmOptions { Window = 3, Kl = 0.001 };
        using var small = Small(new DpoOptions(), rate: 0.01, alarms: alarms);
        small.Train("warned");

        Assert.Contains("runs away from the reference", Assert.Single(small.Warnings), StringComparison.Ordinal);

        using var stopping = Small(new DpoOptions(), rate: 0.01, alarms: alarms with { StopOn = Alarms.KlRunaway });
        using var run = stopping.Open("stopped");
        var stopped = Assert.Throws<AlarmException>(() => run.Run(new Progress<UpdateReport>(), CancellationToken.None));

        Assert.Contains("kl_token", stopped.Message, StringComparison.Ordinal);
        Assert.InRange(run.Done, 3, run.Updates - 1);
        Assert.NotEmpty(stopping.Checkpoints("stopped"));
        Assert.Throws<AlarmException>(() => run.Run(new Progress<UpdateReport>(), CancellationToken.None));
    }

    [Fact]
    public void What_an_objective_remembers_is_in_the_checkpoint()
    {
        using var whole = Small(new DpoOptions(), objective: new Remembering());
        whole.Train("whole");
        var expected = ((Remembering)whole.Objective).State["losses"];

        using var before = Small(new DpoOptions(), objective: new Remembering());
        before.Train("stopped", 5);
        using var after = Small(new DpoOptions(), objective: new Remembering());
        Directory.Move(before.Output("stopped"), after.Output("stopped"));
        after.Train("stopped");

        Assert.Equal(12, ((Remembering)after.Objective).State["updates"]);
        Assert.Equal(expected, ((Remembering)after.Objective).State["losses"], 1e-12);
    }

    [Fact]
    public void A_reference_store_is_refused_where_it_cannot_do()
    {
        using var small = new SmallRun { Items = Pairs, Objective = new Tdpo2Options().Build(), ReferenceStore = "reference.bin" };

        Assert.Contains("leave out --reference-store", Assert.Throws<AgenticException>(() => small.Open("run")).Message, StringComparison.Ordinal);
    }

    // Killed while the store was half full: what a kill leaves of a file is a beginning of it.
    [Fact]
    public void A_run_over_a_half_filled_store_gives_the_same_bits()
    {
        using var folder = new TestSupport.TemporaryFolder();
        using var whole = Small(new DpoOptions(), store: folder["whole.ref"]);
        whole.Train("run");
        var bytes = File.ReadAllBytes(folder["whole.ref"]);

        foreach (var share in new[] { 0.3, 0.8 })
        {
            var name = folder[$"half-{share}.ref"];
            File.WriteAllBytes(name, bytes[..(int)(bytes.Length * share)]);
            using var half = Small(new DpoOptions(), store: name);
            half.Train("run", 4);
            half.Train("run");

            Assert.Equal(bytes, File.ReadAllBytes(name));
            Assert.Equal(whole.Weights("run"), half.Weights("run"));
        }
    }

    [Fact]
    public void A_store_gives_the_curve_of_the_reference_beside_the_policy()
    {
        using var folder = new TestSupport.TemporaryFolder();
        using var beside = Small(new DpoOptions());
        using var stored = Small(new DpoOptions(), store: folder["reference"]);

        Assert.All(beside.Train("run").Zip(stored.Train("run")), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-9));
    }

    [Fact]
    public void A_store_of_other_weights_is_refused()
    {
        using var folder = new TestSupport.TemporaryFolder();
        ReferenceStore.Open(folder["reference"], new ReferenceFingerprint("other", "other", ComputeType.Float64)).Dispose();
        using var small = Small(new DpoOptions(), store: folder["reference"]);

        using var run = small.Open("run");

        Assert.Contains("weights", Assert.Throws<AgenticException>(() => run.Run(new Progress<UpdateReport>(), CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    private static SmallRun Small(ObjectiveOptions options, int microBatchTokens = 200, int workers = 2, double rate = 1e-3, AlarmOptions? alarms = null, IObjective? objective = null, string? store = null)
    {
        var built = objective ?? options.Build();
        return new SmallRun
        {
            Items = built.Needs.HasFlag(Needs.MismatchedCompletions) ? Pairs.Unpaired() : Pairs,
            Objective = built,
            Alarms = alarms ?? new AlarmOptions(),
            ReferenceStore = store,
            Options = new SmallRun().Options with
            {
                Compute = SmallRun.Compute with { DType = ComputeType.Float64 }, Updates = 12, TokensPerUpdate = 400, MicroBatchTokens = microBatchTokens, Workers = workers, Optimizer = new AdamwOptimizerOptions { LearningRate = rate },
            },
        };
    }

    /// <summary>DPO that counts its updates and sums their losses, as an objective with a running mean would.</summary>
    private sealed class Remembering : IStatefulObjective
    {
        private readonly IObjective _dpo = new DpoOptions().Build();
        private Dictionary<string, double> _state = [];

        public Needs Needs => _dpo.Needs;

        public IReadOnlyDictionary<string, double> State
        {
            get => new Dictionary<string, double>(_state);
            set => _state = new Dictionary<string, double>(value);
        }

        public ObjectiveResult Compute(in ObjectiveInput input) => _dpo.Compute(input);

        public void Advance(IReadOnlyDictionary<string, double> metrics)
        {
            _state["updates"] = _state.GetValueOrDefault("updates") + 1;
            _state["losses"] = _state.GetValueOrDefault("losses") + metrics["rewards/margins"];
        }
    }
}
