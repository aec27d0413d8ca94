using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A trajectory with its rewards; what pairs are made of.</summary>
/// <param name="Id">Question id and attempt: <c>q1-0</c>; decides ties, by ordinal comparison.</param>
/// <param name="Question">The question with what is known of it.</param>
/// <param name="Trajectory">The attempt.</param>
/// <param name="Kind">Which rule holds.</param>
/// <param name="Unit">What a unit of its gold evidence is; null without any.</param>
/// <param name="Reward">The rewards.</param>
/// <param name="Value">Value of the answer before anything is divided; by the outcome measure asked for.</param>
public sealed record ScoredTrajectory(string Id, Question Question, Trajectory Trajectory, HopKind Kind, GoldUnit? Unit, TeaRagReward Reward, double Value)
{
    /// <summary>Exact match, 0 or 1; best over the accepted answers.</summary>
    public double Em { get; } = AnswerScore.ExactMatch(Trajectory.Answer, Question.Answers);

    /// <summary>Token F1 in [0, 1]; best over the accepted answers.</summary>
    public double F1 { get; } = AnswerScore.F1(Trajectory.Answer, Question.Answers);

    /// <summary>What it wrote because a text shown as evidence told it to; null when it did not. Such a trajectory is never chosen.</summary>
    public string? Obeyed { get; init; }
}
