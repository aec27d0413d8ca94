using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>What every objective must hold to, whatever its formula.</summary>
public sealed class ObjectiveLawTests
{
    private const double Rounding = 1e-12;

    private static readonly Dictionary<string, ObjectiveOptions> All = new(StringComparer.Ordinal)
    {
        ["sft"] = new SftObjectiveOptions(),
        ["dpo"] = new DpoOptions(),
        ["cdpo"] = new CdpoOptions(),
        ["rdpo"] = new RdpoOptions(),
        ["ipo"] = new IpoOptions(),
        ["ipo-sum"] = new IpoOptions { Normalise = ScoreNormalisation.None },
        ["hinge"] = new HingeOptions(),
        ["bco-pair"] = new BcoPairOptions(),
        ["dpo-length-normalised"] = new DpoLengthNormalisedOptions(),
        ["ld-dpo"] = new LdDpoOptions(),
        ["step-dpo"] = new StepDpoOptions(),
        ["token-weighted-dpo"] = new TokenWeightedDpoOptions(),
        ["dpo-nll-token"] = new DpoNllOptions(),
        ["dpo-nll-sequence"] = new DpoNllOptions { Nll = NllReduction.Sequence },
        ["dpo-nll-sum"] = new DpoNllOptions { Nll = NllReduction.Sum },
        ["simpo"] = new SimpoOptions(),
        ["simpo-smooth"] = new SimpoOptions { LabelSmoothing = 0.1 },
        ["orpo"] = new OrpoOptions(),
        ["orpo-token"] = new OrpoOptions { Nll = NllReduction.Token },
        ["kto"] = new KtoOptions { UndesirableWeight = 1.3 },
        ["tdpo1"] = new Tdpo1Options(),
        ["tdpo2"] = new Tdpo2Options(),
        ["mixture"] = new MixtureOptions(),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Fact]
    public void Every_objective_of_the_library_is_looked_at() => Assert.Equal(
        typeof(ObjectiveOptions).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ObjectiveOptions))).Select(type => type.Name).Order(StringComparer.Ordinal),
        All.Values.Select(options => options.GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_objective_says_its_formula_and_its_source() => Assert.All(
        All.Values.Select(options => options.GetType()),
        type => Assert.IsType<ObjectiveAttribute>(Attribute.GetCustomAttribute(type, typeof(ObjectiveAttribute))));

    // 1 x 8 = 8 x 1: loss, gradient and metrics; the losses of the items stand side by side.
    [Theory]
    [MemberData(nameof(Names))]
    public void Shares_of_micro_batches_add_up_to_the_update(string name)
    {
        using var scope = NewDisposeScope();
        var objective = All[name].Build();
        var (whole, parts) = (RandomBatch.Create(), RandomBatch.Create());

        var expected = whole.Compute(objective);
        expected.Loss.backward();
        var statistics = parts.Statistics(objective, [.. Enumerable.Range(0, 2 * RandomBatch.Pairs).Select(row => new[] { row })]);
        var shares = Enumerable.Range(0, RandomBatch.Pairs).Select(pair => parts.Share(objective, [pair], statistics)).ToList();
        shares.ForEach(share => share.Loss.backward());

        Assert.Equal(expected.Loss.item<double>(), shares.Sum(share => share.Loss.item<double>()), Rounding);
        Assert.True(whole.Logits.grad!.allclose(parts.Logits.grad!, rtol: 0, atol: Rounding));
        Assert.All(expected.Metrics, metric => Assert.Equal(metric.Value, shares.Sum(share => share.Metrics[metric.Key]), Rounding));
        var perItem = stack([.. shares.Select(share => share.PerItem)], 1).flatten();
        Assert.True(expected.PerItem.allclose(perItem, rtol: 0, atol: Rounding));
    }

    // Along random directions; a central difference errs by the square of the nudge and by rounding over it.
    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_agrees_with_differences(string name)
    {
        using var scope = NewDisposeScope();
        var objective = All[name].Build();
        var batch = RandomBatch.Create();
        int[] all = [.. Enumerable.Range(0, RandomBatch.Pairs)];
        var statistics = batch.Statistics(objective, [.. Enumerable.Range(0, 2 * RandomBatch.Pairs)]);

        // What the formula calls constant must not move with the nudge: the chosen side's divergence in TDPO2.
        var constantKl = All[name] is Tdpo2Options ? TokenStatistics.Compute(batch.Logits.detach(), batch.Rows, Needs.VocabularyReference, batch.Reference).KlFromReference : null;
        batch.Share(objective, all, statistics).Loss.backward();

        using var noise = new Generator(3, CPU);
        for (var trial = 0; trial < 3; trial++)
        {
            var direction = randn(batch.Logits.shape, dtype: ScalarType.Float64, generator: noise);
            double At(double nudge) => batch.With(batch.Logits.detach() + direction.Times(nudge)).Share(objective, all, statistics, constantKl).Loss.item<double>();
            const double Nudge = 1e-5;
            var slope = (batch.Logits.grad! * direction).sum().item<double>();
            Assert.Equal((At(Nudge) - At(-Nudge)) / (2 * Nudge), slope, 1e-8 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_stands_where_the_mask_is_false_changes_nothing_to_the_bit(string name)
    {
        using var scope = NewDisposeScope();
        var objective = All[name].Build();
        var clean = RandomBatch.Create();
        var spoilt = clean.WithGarbage();

        var (expected, actual) = (clean.Compute(objective), spoilt.Compute(objective));
        expected.Loss.backward();
        actual.Loss.backward();

        Assert.Equal(expected.Loss.item<double>(), actual.Loss.item<double>());
        Assert.Equal(expected.PerItem.data<double>().ToArray(), actual.PerItem.data<double>().ToArray());
        Assert.Equal(clean.Logits.grad!.data<double>().ToArray(), spoilt.Logits.grad!.data<double>().ToArray());
        Assert.Equal(0, spoilt.Logits.grad![clean.Rows.CompletionMask.logical_not()].abs().max().item<double>());
        Assert.Equal(expected.Metrics, actual.Metrics);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Enormous_margins_give_finite_losses_and_gradients(string name)
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            using var scope = NewDisposeScope();
            var batch = RandomBatch.Create(type).Extreme();

            var result = batch.Compute(All[name].Build());
            result.Loss.backward();

            Assert.True(result.Loss.isfinite().item<bool>() && result.PerItem.isfinite().all().item<bool>());
            Assert.True(batch.Logits.grad!.isfinite().all().item<bool>());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Float32_gives_what_float64_gives_to_five_digits(string name)
    {
        using var scope = NewDisposeScope();
        var objective = All[name].Build();
        var (exact, rounded) = (RandomBatch.Create(), RandomBatch.Create(ScalarType.Float32));
        var (expected, actual) = (exact.Compute(objective).Loss, rounded.Compute(objective).Loss);
        expected.backward();
        actual.backward();

        Assert.Equal(expected.item<double>(), actual.ToDouble(), 1e-5 * Math.Max(1, Math.Abs(expected.item<double>())));
        var (norm, difference) = (exact.Logits.grad!.norm().item<double>(), (exact.Logits.grad! - rounded.Logits.grad!).norm().item<double>());
        Assert.True(difference < 1e-5 * norm, $"{difference} of {norm}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Computing_leaves_nothing_but_the_loss_and_the_items(string name)
    {
        using var scope = NewDisposeScope();
        var objective = All[name].Build();
        var batch = RandomBatch.Create();
        int[] all = [.. Enumerable.Range(0, RandomBatch.Pairs)];
        var statistics = batch.Statistics(objective, [.. Enumerable.Range(0, 2 * RandomBatch.Pairs)]);
        void Once()
        {
            using var inner = NewDisposeScope();
            var before = 0L;
            var result = batch.Share(new Watched(objective, () => before = Live(), () => Assert.Equal(before + 2, Live())), all, statistics);
            result.Loss.backward();
        }

        Once();
        var live = Live();
        Once();
        Assert.Equal(live, Live());
    }

    // In loss or in gradient; nothing is declared identical.
    [Fact]
    public void No_two_objectives_are_the_same()
    {
        using var scope = NewDisposeScope();
        var marks = All.ToDictionary(entry => entry.Key, entry =>
        {
            var batch = RandomBatch.Create();
            var loss = batch.Compute(entry.Value.Build()).Loss;
            loss.backward();
            return (Loss: loss.item<double>(), Gradient: batch.Logits.grad!);
        });

        foreach (var (one, other) in from one in marks from other in marks where string.CompareOrdinal(one.Key, other.Key) < 0 select (one, other))
        {
            var isSame = Math.Abs(one.Value.Loss - other.Value.Loss) < 1e-6 && one.Value.Gradient.allclose(other.Value.Gradient, rtol: 0, atol: 1e-6);
            Assert.False(isSame, $"{one.Key} and {other.Key} give the same loss and gradient");
        }
    }

    private static long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    /// <summary>Calls back right before and right after the computation.</summary>
    private sealed class Watched(IObjective objective, Action before, Action after) : IObjective
    {
        public Needs Needs => objective.Needs;

        public ObjectiveResult Compute(in ObjectiveInput input)
        {
            before();
            var result = objective.Compute(input);
            after();
            return result;
        }
    }
}
