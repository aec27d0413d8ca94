namespace Agentic.Training;

/// <summary>What a job measures without training on it, at every checkpoint.</summary>
internal static class HeldOutReport
{
    private const string Prefix = "eval_";

    /// <summary>Adds the measurements of a job to an update's, and gives the held-out loss; null without held-out items.</summary>
    public static double? Add(TrainingJob job, UpdateStep step, Dictionary<string, double> measured)
    {
        void AddAll(IReadOnlyDictionary<string, double> metrics)
        {
            foreach (var (name, value) in metrics)
            {
                measured[Prefix + name] = value;
            }
        }

        foreach (var (items, by) in job.Measures)
        {
            AddAll(step.Measure(items, by).Metrics);
        }

        if (job.HeldOut is not { } held)
        {
            return null;
        }

        var (loss, metrics) = step.Measure(held);
        measured[Prefix + "loss"] = loss;
        AddAll(metrics);
        return loss;
    }
}
