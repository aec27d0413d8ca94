using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Forward over the micro-batches of an update or an evaluation: hidden states, token statistics, objective.</summary>
/// <remarks>
/// With workers the micro-batches are computed side by side, one after the other without; sums go in their order either way.
/// The reference's numbers come from its model, without gradient, or from the store.
/// </remarks>
internal sealed class ObjectivePass(
    TrainedModels models, IObjective objective, ITrainingItems items, int microBatchTokens, ModelWorkers? workers = null, Func<ObjectiveBatch, Tensor>? stored = null)
{
    private const Needs AnyReference = Needs.SequenceReference | Needs.TokenReference | Needs.VocabularyReference;

    /// <summary>Loss and metrics over the items, divided by the counts of all of them whatever the micro-batches are.</summary>
    /// <param name="taken">Items, longest first.</param>
    /// <param name="afterwards">Called with each micro-batch's share on the thread that computed it; for the backward.</param>
    public (double Loss, IReadOnlyDictionary<string, double> Metrics) Over(IReadOnlyList<int> taken, Action<ObjectiveResult>? afterwards = null)
    {
        var totals = new UpdateTotals(taken.Count, taken.Sum(item => (long)items.SizeOf(item).TrainedTokens)) { Statistics = StatisticsOf(taken) };
        var shares = Each(items, taken, totals, input =>
        {
            var result = objective.Compute(input);
            afterwards?.Invoke(result);
            return (Loss: result.Loss.ToDouble(), Metrics: result.Metrics.Concat(PairDiagnostics.Of(input)));
        });
        return (shares.Sum(share => share.Loss), Summed(shares.Select(share => share.Metrics)));
    }

    /// <summary>What the objective measures over the whole update before the first backward; null when it measures nothing.</summary>
    private Dictionary<string, double>? StatisticsOf(IReadOnlyList<int> taken)
    {
        if (objective is not IUpdateStatistics statistics)
        {
            return null;
        }

        using var noGradient = no_grad();
        var rows = items.Mismatched(taken) ?? throw new InvalidOperationException("the objective asks for mismatched completions, which these items do not have");
        var longestFirst = Enumerable.Range(0, rows.Count).OrderByDescending(row => rows.SizeOf(row).LongestRow).ToArray();
        return Summed(Each(rows, longestFirst, new UpdateTotals(rows.Count, 0), input => statistics.Measure(input)));
    }

    private T[] Each<T>(ITrainingItems source, IReadOnlyList<int> taken, UpdateTotals totals, Func<ObjectiveInput, T> work)
    {
        var parts = EpochPlan.MicroBatches(source, taken, microBatchTokens);
        var results = new T[parts.Count];
        void Compute(TrainedModels replicas, int part)
        {
            using var scope = NewDisposeScope();
            using var batch = source.Collate(parts[part], replicas.Policy.Device);
            results[part] = work(InputOf(replicas, batch, totals));
        }

        if (workers is not null)
        {
            workers.Run(parts.Count, Compute);
            return results;
        }

        for (var part = 0; part < parts.Count; part++)
        {
            Compute(models, part);
        }

        return results;
    }

    private ObjectiveInput InputOf(TrainedModels replicas, ObjectiveBatch batch, UpdateTotals totals)
    {
        var needs = objective.Needs;
        var (constants, reference) = ReferenceOf(replicas.Reference, batch);
        var hidden_RLH = replicas.Policy.Hidden(batch.Sequences);
        var policy = TokenStatistics.Compute(hidden_RLH, replicas.Policy.Head, batch.Sequences, needs, constants, needs.HasFlag(Needs.BestToken) ? 1 : 0);
        return new ObjectiveInput(batch.Sequences, batch.Groups, policy, reference, totals);
    }

    /// <summary>The reference's hidden states and head where the vocabulary is asked for, and its log-probabilities.</summary>
    private ((Tensor Hidden, Tensor Head)? Constants, TokenLogProbs? Reference) ReferenceOf(ICausalLm? model, ObjectiveBatch batch)
    {
        if ((objective.Needs & AnyReference) == 0)
        {
            return (null, null);
        }

        if (stored is not null)
        {
            return (null, new TokenLogProbs(stored(batch)));
        }

        using var noGradient = no_grad();
        var hidden_RLH = model!.Hidden(batch.Sequences);
        var logProbs = TokenStatistics.Compute(hidden_RLH, model.Head, batch.Sequences);
        return (objective.Needs.HasFlag(Needs.VocabularyReference) ? (hidden_RLH, model.Head) : null, logProbs);
    }

    private static Dictionary<string, double> Summed(IEnumerable<IEnumerable<KeyValuePair<string, double>>> shares)
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in shares.SelectMany(share => share))
        {
            sums[name] = sums.GetValueOrDefault(name) + value;
        }

        return sums;
    }
}
