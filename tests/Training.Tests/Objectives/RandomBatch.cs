// Legend: R = rows, L = positions, V = vocabulary.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Eight pairs of random scores, unequal lengths and holes in the masks, and what every objective wants of them.</summary>
internal sealed class RandomBatch
{
    public const int Pairs = 8;
    private const int Length = 7;
    private const int Vocabulary = 5;

    private RandomBatch(Tensor logits_RLV, Tensor reference_RLV, Tensor mismatched_RLV, SequenceBatch rows) =>
        (Logits, Reference, Mismatched, Rows) = (logits_RLV, reference_RLV, mismatched_RLV, rows);

    /// <summary>[R, L, V], a leaf; the chosen rows first, then the rejected ones.</summary>
    public Tensor Logits { get; private init; }

    /// <summary>[R, L, V].</summary>
    public Tensor Reference { get; private init; }

    /// <summary>[R, L, V] of the rows that KTO's reference point is measured on.</summary>
    public Tensor Mismatched { get; }

    public SequenceBatch Rows { get; private init; }

    public static RandomBatch Create(ScalarType type = ScalarType.Float64)
    {
        using var noise = new Generator(11, CPU);
        Tensor Random(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: noise).to(type);
        Tensor Ids(long limit, params long[] shape) => randint(limit, shape, dtype: ScalarType.Int64, generator: noise);
        const int Two = 2 * Pairs;
        var mask = Random(Two, Length) > -0.4;
        mask[.., 2] = ones(Two, dtype: ScalarType.Bool);
        var ids = Ids(Vocabulary, Two, Length);
        var from = Ids(4, Pairs);
        return new RandomBatch(
            Random(Two, Length, Vocabulary).requires_grad_(), Random(Two, Length, Vocabulary), Random(Two, Length, Vocabulary),
            new SequenceBatch(ids, ids, mask, Random(Two, Length).exp()) { ScoredFrom = cat([from, from]) });
    }

    /// <summary>The same rows with other scores.</summary>
    public RandomBatch With(Tensor logits_RLV) => new(logits_RLV, Reference, Mismatched, Rows);

    /// <summary>The same rows, certain of everything on one side of each pair and far from it on the other: log-ratios of some thousands.</summary>
    public RandomBatch Extreme()
    {
        using Scalar far = 3000;
        return new RandomBatch((Logits.detach() * far).requires_grad_(), Reference * far, Mismatched * far, Rows);
    }

    /// <summary>The same where the mask is true; elsewhere nothing that makes sense.</summary>
    public RandomBatch WithGarbage()
    {
        var mask_RL1 = Rows.CompletionMask.unsqueeze(-1);
        Tensor Spoilt(Tensor value, double garbage) => where(value.dim() == 3 ? mask_RL1 : Rows.CompletionMask, value, full_like(value, garbage));
        return new RandomBatch(Spoilt(Logits.detach(), double.NaN).requires_grad_(), Spoilt(Reference, double.PositiveInfinity), Spoilt(Mismatched, double.NegativeInfinity), Rows with
        {
            Targets = where(Rows.CompletionMask, Rows.Targets, full_like(Rows.Targets, 1_000_000)),
            TokenWeights = Spoilt(Rows.TokenWeights!, double.NaN),
        });
    }

    /// <summary>The whole update in one micro-batch.</summary>
    public ObjectiveResult Compute(IObjective objective) => Share(objective, [.. Enumerable.Range(0, Pairs)], Statistics(objective, [.. Enumerable.Range(0, 2 * Pairs)]));

    /// <summary>One micro-batch of it.</summary>
    /// <param name="pairs">The pairs that are in it.</param>
    /// <param name="statistics">Of the whole update.</param>
    public ObjectiveResult Share(IObjective objective, int[] pairs, IReadOnlyDictionary<string, double>? statistics, Tensor? chosenKl_RL = null)
    {
        var row_R = tensor([.. pairs.Select(pair => (long)pair), .. pairs.Select(pair => (long)pair + Pairs)]);
        var isSamples = objective.Needs.HasFlag(Needs.MismatchedCompletions);
        Groups groups = isSamples
            ? new UnpairedGroups(row_R.lt(tensor((long)Pairs)))
            : new PairGroups(arange(pairs.Length, dtype: ScalarType.Int64), arange(pairs.Length, 2 * pairs.Length, dtype: ScalarType.Int64));
        var totals = new UpdateTotals(isSamples ? 2 * Pairs : Pairs, Rows.CompletionMask[..Pairs].sum().item<long>()) { Statistics = statistics };
        var input = Input(objective, Logits, row_R, groups, totals);
        return objective.Compute(chosenKl_RL is null ? input : input with { Policy = input.Policy with { KlFromReference = where(row_R.lt(tensor((long)Pairs)).unsqueeze(-1), chosenKl_RL, input.Policy.KlFromReference!) } });
    }

    /// <summary>Statistics over the rows, in as many micro-batches as are given; null for an objective without any.</summary>
    public IReadOnlyDictionary<string, double>? Statistics(IObjective objective, params int[][] microBatches)
    {
        using var constant = no_grad();
        return objective is not IUpdateStatistics measured ? null : microBatches
            .SelectMany(rows => measured.Measure(Input(objective, Mismatched, tensor(rows.Select(row => (long)row).ToArray()), new SequenceGroups(rows.Length), new UpdateTotals(2 * Pairs, 0))))
            .GroupBy(share => share.Key).ToDictionary(shares => shares.Key, shares => shares.Sum(share => share.Value));
    }

    private ObjectiveInput Input(IObjective objective, Tensor logits_RLV, Tensor row_R, Groups groups, UpdateTotals totals)
    {
        Tensor Of(Tensor value_R) => value_R.index_select(0, row_R);
        var batch = new SequenceBatch(Of(Rows.InputIds), Of(Rows.Targets), Of(Rows.CompletionMask), Of(Rows.TokenWeights!)) { ScoredFrom = Of(Rows.ScoredFrom!) };
        var reference_RLV = Of(Reference);
        return new ObjectiveInput(
            batch, groups, TokenStatistics.Compute(Of(logits_RLV), batch, objective.Needs, reference_RLV), TokenStatistics.Compute(reference_RLV, batch), totals);
    }
}
