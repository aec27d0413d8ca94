using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Forward over the micro-batches of an update or an evaluation: hidden states, token statistics, objective.</summary>
/// <remarks>With workers the micro-batches are computed side by side, one after the other without; sums go in their order either way.</remarks>
internal sealed class ObjectivePass(ICausalLm model, IObjective objective, ITrainingItems items, int microBatchTokens, ModelWorkers? workers = null)
{
    /// <summary>Loss and metrics over the items, divided by the counts of all of them whatever the micro-batches are.</summary>
    /// <param name="taken">Items, longest first.</param>
    /// <param name="afterwards">Called with each micro-batch's share on the thread that computed it; for the backward.</param>
    public (double Loss, IReadOnlyDictionary<string, double> Metrics) Over(IReadOnlyList<int> taken, Action<ObjectiveResult>? afterwards = null)
    {
        var totals = new UpdateTotals(taken.Count, taken.Sum(item => (long)items.SizeOf(item).TrainedTokens));
        var parts = EpochPlan.MicroBatches(items, taken, microBatchTokens);
        var shares = new (double Loss, IReadOnlyDictionary<string, double> Metrics)[parts.Count];
        void Compute(ICausalLm replica, int part) => shares[part] = Share(replica, parts[part], totals, afterwards);
        if (workers is null)
        {
            for (var part = 0; part < parts.Count; part++)
            {
                Compute(model, part);
            }
        }
        else
        {
            workers.Run(parts.Count, Compute);
        }

        var (loss, metrics) = (0.0, new Dictionary<string, double>(StringComparer.Ordinal));
        foreach (var share in shares)
        {
            loss += share.Loss;
            foreach (var (name, value) in share.Metrics)
            {
                metrics[name] = metrics.GetValueOrDefault(name) + value;
            }
        }

        return (loss, metrics);
    }

    private (double Loss, IReadOnlyDictionary<string, double> Metrics) Share(ICausalLm replica, IReadOnlyList<int> part, UpdateTotals totals, Action<ObjectiveResult>? afterwards)
    {
        using var scope = NewDisposeScope();
        using var batch = items.Collate(part, replica.Device);
        var policy = replica.Score(batch.Sequences, objective.Needs, objective.Needs.HasFlag(Needs.BestToken) ? 1 : 0);
        var result = objective.Compute(new ObjectiveInput(batch.Sequences, batch.Groups, policy, Reference: null, totals));
        afterwards?.Invoke(result);
        return (result.Loss.ToDouble(), result.Metrics);
    }
}
