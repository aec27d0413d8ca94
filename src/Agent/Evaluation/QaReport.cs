using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>One question's attempt with its values; what paired comparisons are made of.</summary>
/// <param name="Question">The question with its accepted answers.</param>
/// <param name="Trajectory">The attempt.</param>
public sealed record QaOutcome(Question Question, Trajectory Trajectory)
{
    /// <summary>Exact match, 0 or 1.</summary>
    public double Em { get; } = AnswerScore.ExactMatch(Trajectory.Answer, Question.Answers);

    /// <summary>Token F1 in [0, 1].</summary>
    public double F1 { get; } = AnswerScore.F1(Trajectory.Answer, Question.Answers);

    /// <summary>1 when the evidence held the answer, 0 when not, null when no text can hold it (yes, no, not stated).</summary>
    public double? AnswerRecall { get; } = Agentic.Agent.AnswerRecall.Of(Question, Trajectory);
}

/// <summary>A group of questions in a report.</summary>
/// <param name="Questions">How many.</param>
/// <param name="Em">Mean exact match, a fraction.</param>
/// <param name="F1">Mean token F1, a fraction.</param>
/// <param name="Steps">Mean number of steps.</param>
public sealed record QaGroup(int Questions, double Em, double F1, double Steps);

/// <summary>The table of a question answering evaluation; tokens are O200k.</summary>
/// <param name="Questions">Questions attempted.</param>
/// <param name="Em">Mean exact match, a fraction.</param>
/// <param name="F1">Mean token F1, a fraction.</param>
/// <param name="Steps">Mean number of steps.</param>
/// <param name="ThinkingTokens">Mean tokens written by the policy.</param>
/// <param name="RetrievedTokens">Mean tokens inside Reference blocks.</param>
/// <param name="TotalTokens">Mean of the two together.</param>
/// <param name="TokensPerRetrieval">Tokens of all Reference blocks divided by their number; 0 without any.</param>
/// <param name="AnswerRecall">Share of the questions with an answer that a text can hold whose evidence held it; 0 without any such question.</param>
/// <param name="Seconds">Sum of the attempts' wall time.</param>
/// <param name="ByType">The questions of each type, in ordinal order; questions without a type are left out.</param>
/// <param name="ByHops">The questions of each number of hops.</param>
/// <param name="ByStop">How many attempts ended for each reason, those that occurred.</param>
public sealed record QaReport(
    int Questions,
    double Em,
    double F1,
    double Steps,
    double ThinkingTokens,
    double RetrievedTokens,
    double TotalTokens,
    double TokensPerRetrieval,
    double AnswerRecall,
    double Seconds,
    IReadOnlyDictionary<string, QaGroup> ByType,
    IReadOnlyDictionary<string, QaGroup> ByHops,
    IReadOnlyDictionary<string, int> ByStop)
{
    /// <summary>The table over outcomes; independent of their order.</summary>
    public static QaReport Of(IReadOnlyList<QaOutcome> outcomes)
    {
        var tokens = outcomes.Select(outcome => outcome.Trajectory.Tokens).ToList();
        var retrievals = tokens.Sum(count => count.Retrievals);
        var all = Group(outcomes);
        return new QaReport(
            all.Questions,
            all.Em,
            all.F1,
            all.Steps,
            Mean(tokens.Select(count => (double)count.Thinking)),
            Mean(tokens.Select(count => (double)count.Retrieved)),
            Mean(tokens.Select(count => (double)count.Total)),
            retrievals == 0 ? 0 : (double)tokens.Sum(count => (long)count.Retrieved) / retrievals,
            Mean(outcomes.Select(outcome => outcome.AnswerRecall).OfType<double>()),
            outcomes.Sum(outcome => outcome.Trajectory.Seconds),
            Groups(outcomes, outcome => outcome.Question.Type),
            Groups(outcomes, outcome => outcome.Question.Hops?.ToString(CultureInfo.InvariantCulture)),
            new SortedDictionary<string, int>(
                outcomes.CountBy(outcome => outcome.Trajectory.Stop).ToDictionary(count => TrajectoryJson.NameOf(count.Key), count => count.Value),
                StringComparer.Ordinal));
    }

    private static SortedDictionary<string, QaGroup> Groups(IReadOnlyList<QaOutcome> outcomes, Func<QaOutcome, string?> key) => new(
        outcomes.Where(outcome => key(outcome) is not null).GroupBy(outcome => key(outcome)!, StringComparer.Ordinal).ToDictionary(group => group.Key, Group),
        StringComparer.Ordinal);

    private static QaGroup Group(IEnumerable<QaOutcome> group)
    {
        var outcomes = group.ToList();
        return new QaGroup(
            outcomes.Count,
            Mean(outcomes.Select(outcome => outcome.Em)),
            Mean(outcomes.Select(outcome => outcome.F1)),
            Mean(outcomes.Select(outcome => (double)outcome.Trajectory.Steps.Count)));
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(0).Average();
}
