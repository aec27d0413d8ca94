using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Forward over the micro-batches of an update or an evaluation: hidden states, token statistics, objective.</summary>
internal sealed class ObjectivePass(ICausalLm model, IObjective objective, ITrainingItems items, int microBatchTokens)
{
    /// <summary>Loss and metrics over the items, divided by the counts of all of them whatever the micro-batches are.</summary>
    /// <param name="taken">Items, longest first.</param>
    /// <param name="afterwards">Called with each micro-batch's share, before the next; for the backward.</param>
    public (double Loss, IReadOnlyDictionary<string, double> Metrics) Over(IReadOnlyList<int> taken, Action<ObjectiveResult>? afterwards = null)
    {
        var totals = new UpdateTotals(taken.Count, taken.Sum(item => (long)items.SizeOf(item).TrainedTokens));
        var (loss, metrics) = (0.0, new Dictionary<string, double>(StringComparer.Ordinal));
        foreach (var part in EpochPlan.MicroBatches(items, taken, microBatchTokens))
        {
            using var scope = NewDisposeScope();
            using var batch = items.Collate(part, model.Device);
            var policy = model.Score(batch.Sequences, objective.Needs, objective.Needs.HasFlag(Needs.BestToken) ? 1 : 0);
            var result = objective.Compute(new ObjectiveInput(batch.Sequences, batch.Groups, policy, Reference: null, totals));
            afterwards?.Invoke(result);
            loss += result.Loss.ToDouble();
            foreach (var (name, share) in result.Metrics)
            {
                metrics[name] = metrics.GetValueOrDefault(name) + share;
            }
        }

        return (loss, metrics);
    }
}
