// Legend: I = items of the fixture, R = rows that take part, L = positions, V = vocabulary.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Puts the arrays of a fixture into a batch, computes the objective with its gradient, and looks at every number.</summary>
internal sealed class CaseComputation(CaseArrays arrays, IReadOnlyList<int>? items, IObjective objective, IReadOnlyDictionary<string, double>? statistics)
{
    /// <summary>Metrics whose names in case files are others.</summary>
    private static readonly Dictionary<string, string> ExtraNames = new(StringComparer.Ordinal) { ["nll_loss"] = "nll" };

    private bool NeedsReference => (objective.Needs & (Needs.SequenceReference | Needs.TokenReference | Needs.VocabularyReference)) != Needs.None;

    public ObjectiveCaseValues Values()
    {
        using var scope = NewDisposeScope();
        return objective.Needs.HasFlag(Needs.MismatchedCompletions) ? OfSamples() : OfPairs();
    }

    private ObjectiveCaseValues OfPairs()
    {
        var (chosen, rejected) = (new Side(arrays, "chosen", items, NeedsReference), new Side(arrays, "rejected", items, NeedsReference));
        if (chosen.Rows != rejected.Rows || !chosen.Logits_ILV.shape.SequenceEqual(rejected.Logits_ILV.shape))
        {
            throw arrays.Problem("'chosen.logits' and 'rejected.logits' have different shapes");
        }

        var row = arange(chosen.Rows, dtype: ScalarType.Int64);
        var groups = new PairGroups(row, row + tensor(chosen.Rows));
        return Of(groups, chosen.ChosenTokens, chosen, rejected);
    }

    private ObjectiveCaseValues OfSamples()
    {
        var samples = new Side(arrays, "u", items, NeedsReference);
        return Of(new UnpairedGroups(samples.Taken(arrays.Flags("u.label", samples.Items))), samples.ChosenTokens, samples);
    }

    private ObjectiveCaseValues Of(Groups groups, long chosenTokens, params Side[] sides)
    {
        var totals = new UpdateTotals(groups.Items, chosenTokens) { Statistics = statistics ?? Measured() };
        var result = objective.Compute(Input(groups, totals, sides));
        result.Loss.backward();
        var extra = result.Metrics.Where(metric => !metric.Key.Contains('/', StringComparison.Ordinal))
            .ToDictionary(metric => ExtraNames.GetValueOrDefault(metric.Key, metric.Key), metric => metric.Value, StringComparer.Ordinal);
        var values = new ObjectiveCaseValues(
            result.Loss.item<double>(), result.PerItem.data<double>().ToArray(), sides.ToDictionary(side => side.Name + ".logits", side => side.Marks(), StringComparer.Ordinal), extra, []);
        return values with { Problems = [.. Infinite(values), .. sides.Where(side => !side.IsSilentUnderMask()).Select(side => $"the gradient of {side.Name}.logits is not zero under the mask")] };
    }

    private IReadOnlyDictionary<string, double>? Measured()
    {
        if (objective is not IUpdateStatistics measured)
        {
            return null;
        }

        using var constant = no_grad();
        var mismatched = new Side(arrays, "kl", items, NeedsReference);
        var groups = new SequenceGroups((int)mismatched.Rows);
        return measured.Measure(Input(groups, new UpdateTotals(groups.Items, mismatched.ChosenTokens), mismatched));
    }

    private ObjectiveInput Input(Groups groups, UpdateTotals totals, params Side[] sides)
    {
        var targets_RL = cat([.. sides.Select(side => side.Targets_RL)]);
        var batch = new SequenceBatch(targets_RL, targets_RL, cat([.. sides.Select(side => side.Mask_RL)]))
        {
            TokenWeights = objective.Needs.HasFlag(Needs.TokenWeights) ? cat([.. sides.Select(side => side.Weights())]) : null,
            ScoredFrom = objective.Needs.HasFlag(Needs.Parting) ? cat([.. sides.Select(side => side.ScoredFrom())]) : null,
        };
        var logits_RLV = cat([.. sides.Select(side => side.Taken(side.Logits_ILV))]);
        var reference_RLV = NeedsReference ? cat([.. sides.Select(side => side.Taken(side.Reference_ILV!))]) : null;
        return new ObjectiveInput(
            batch, groups, TokenStatistics.Compute(logits_RLV, batch, objective.Needs, reference_RLV), reference_RLV is null ? null : TokenStatistics.Compute(reference_RLV, batch), totals);
    }

    private static IEnumerable<string> Infinite(ObjectiveCaseValues values)
    {
        if (!double.IsFinite(values.Loss))
        {
            yield return "the loss is not finite";
        }

        if (!values.PerItem.All(double.IsFinite))
        {
            yield return "a loss per item is not finite";
        }

        foreach (var (name, marks) in values.Grads.Where(grad => !double.IsFinite(grad.Value.Norm) || !double.IsFinite(grad.Value.Dot)))
        {
            yield return $"the gradient of {name} is not finite";
        }
    }

    /// <summary>The arrays that share a name: the chosen side, the rejected one, samples, mismatched rows.</summary>
    private sealed class Side
    {
        private readonly CaseArrays _arrays;
        private readonly Tensor _taken_R;
        private readonly Tensor _mask_IL;

        public Side(CaseArrays arrays, string name, IReadOnlyList<int>? items, bool withReference)
        {
            (_arrays, Name) = (arrays, name);
            Logits_ILV = arrays.Numbers(name + ".logits", -1, -1, -1).requires_grad_();
            var (count, length, vocabulary) = (Logits_ILV.shape[0], Logits_ILV.shape[1], Logits_ILV.shape[2]);
            if (items?.Any(item => item < 0 || item >= count) == true)
            {
                throw arrays.Problem($"'items' must be from 0 to {count - 1}");
            }

            _taken_R = tensor(items?.Select(item => (long)item).ToArray() ?? [.. Enumerable.Range(0, (int)count).Select(item => (long)item)]);
            Reference_ILV = withReference ? arrays.Numbers(name + ".ref_logits", count, length, vocabulary) : null;
            _mask_IL = arrays.Flags(name + ".mask", count, length);
            Mask_RL = Taken(_mask_IL);
            Targets_RL = Taken(arrays.Indices(name + ".targets", vocabulary, _mask_IL, count, length));
            if (!Mask_RL.any(-1).all().item<bool>())
            {
                throw arrays.Problem($"'{name}.mask' has an item without a token that counts");
            }
        }

        public string Name { get; }

        /// <summary>A leaf: the gradient of the whole array gathers here.</summary>
        public Tensor Logits_ILV { get; }

        public Tensor? Reference_ILV { get; }

        public Tensor Targets_RL { get; }

        public Tensor Mask_RL { get; }

        public long Items => Logits_ILV.shape[0];

        public long Rows => _taken_R.shape[0];

        public long ChosenTokens => Mask_RL.sum().item<long>();

        /// <summary>The items that take part.</summary>
        public Tensor Taken(Tensor value_I) => value_I.index_select(0, _taken_R);

        public Tensor Weights() => Taken(_arrays.Numbers(Name + ".token_weight", _mask_IL.shape));

        public Tensor ScoredFrom() => Taken(_arrays.Indices("step_start", _mask_IL.shape[1], read: null, Items));

        public GradientMarks Marks()
        {
            var (gradient, dot) = (Gradient().data<double>(), 0.0);
            for (var k = 0L; k < gradient.Count; k++)
            {
                dot += gradient[k] * Math.Cos((0.37 * k) + 0.11);
            }

            return new GradientMarks(Gradient().norm().item<double>(), dot);
        }

        public bool IsSilentUnderMask() => Gradient()[_mask_IL.logical_not()].eq(tensor(0.0)).all().item<bool>();

        private Tensor Gradient() => Logits_ILV.grad ?? zeros_like(Logits_ILV);
    }
}
