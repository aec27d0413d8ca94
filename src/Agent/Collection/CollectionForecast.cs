namespace Agentic.Agent;

/// <summary>What a collection will take, before anything is asked.</summary>
/// <param name="Questions">Questions of the plan.</param>
/// <param name="Samples">Attempts a question.</param>
/// <param name="Trajectories">Attempts of the plan.</param>
/// <param name="Done">Attempts that the folder holds already.</param>
/// <param name="ToDo">Attempts left.</param>
/// <param name="TokensEach">O200k tokens of an attempt: the mean of those made, or the limit of an attempt when none is.</param>
/// <param name="IsMeasured">True when <paramref name="TokensEach"/> is a mean.</param>
/// <param name="Tokens">O200k tokens that the rest will take.</param>
/// <param name="CostEach">Mean money of an attempt made; null when none is.</param>
/// <param name="Cost">Money that the rest will take; null when none is made.</param>
public sealed record CollectionForecast(int Questions, int Samples, int Trajectories, int Done, int ToDo, double TokensEach, bool IsMeasured, double Tokens, double? CostEach, double? Cost)
{
    /// <summary>The forecast for a folder, which may be absent; nothing is written and nothing is asked.</summary>
    /// <exception cref="Retrieval.AgenticException">The plan has no question, or the folder holds something broken.</exception>
    public static CollectionForecast Of(string folder, CollectionPlan plan, CollectionOptions options, AgentLoopOptions limits)
    {
        plan.Checked();
        var status = StatusOf(folder);
        var done = Math.Min(plan.Count, status?.Committed ?? 0);
        var each = status is { Committed: > 0 } made ? (double)made.Tokens / made.Committed : limits.MaxAttemptTokens;
        var costEach = status is { Committed: > 0 } paid && options.InputPrice + options.OutputPrice > 0 ? paid.Cost / paid.Committed : (double?)null;
        return new CollectionForecast(
            plan.Questions.Count, plan.Samples, plan.Count, done, plan.Count - done, each, status is { Committed: > 0 }, each * (plan.Count - done), costEach, costEach * (plan.Count - done));
    }

    private static CollectionStatus? StatusOf(string folder)
    {
        if (!CollectionFolder.IsOne(folder))
        {
            return null;
        }

        using var collection = CollectionFolder.Open(folder);
        return collection.Status;
    }
}
