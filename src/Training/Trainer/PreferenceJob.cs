using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A training on pairs, put together for its objective.</summary>
public static class PreferenceJob
{
    /// <summary>The job of a model on pairs. Objectives that take labelled samples get the pairs' rows without their pairing; the accuracy on held-out pairs is measured for them too.</summary>
    /// <param name="modelFolder">The model to start from.</param>
    /// <param name="pairs">What it is trained on.</param>
    /// <param name="heldOut">Pairs that are measured and not trained on, or null.</param>
    /// <param name="options">How.</param>
    /// <exception cref="AgenticException">The options break their rules, or the objective asks for what pairs do not have.</exception>
    public static TrainingJob Of(string modelFolder, PairItems pairs, PairItems? heldOut, PreferenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(options);
        var objective = options.Objective.Build();
        if (objective.Needs.HasFlag(Needs.TokenWeights))
        {
            throw new AgenticException("the objective weighs single tokens, and pair files carry no weights; choose another objective (objectives list)");
        }

        var isUnpaired = objective.Needs.HasFlag(Needs.MismatchedCompletions);
        return new TrainingJob(modelFolder, isUnpaired ? pairs.Unpaired() : pairs, objective, options.Training)
        {
            HeldOut = isUnpaired ? heldOut?.Unpaired() : heldOut,
            Measures = isUnpaired && heldOut is not null ? [new HeldOutMeasure(heldOut, new PairRanking())] : [],
            Alarms = options.Alarms,
        };
    }
}
