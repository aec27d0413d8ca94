using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>How a set of questions is attempted.</summary>
public sealed record QaEvaluationOptions
{
    /// <summary>Attempts under way at the same time; the results do not depend on it.</summary>
    [Range(1, 256)] public int Concurrency { get; init; } = 4;

    /// <summary>The evaluation with a loop.</summary>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public QaEvaluation Build(AgentLoop loop) => new(loop, OptionsGuard.Checked(this));
}

/// <summary>How far an evaluation has come.</summary>
/// <param name="Done">Questions with an outcome.</param>
/// <param name="Total">Questions of the set.</param>
/// <param name="Latest">The outcome that has just come in.</param>
public readonly record struct QaProgress(int Done, int Total, QaOutcome Latest);

/// <summary>What an evaluation came to.</summary>
/// <param name="Report">The table over the outcomes there are.</param>
/// <param name="Outcomes">In question order.</param>
/// <param name="Interruption">Why questions are missing, when some are; running again with the same log goes on from here.</param>
public sealed record QaRun(QaReport Report, IReadOnlyList<QaOutcome> Outcomes, string? Interruption);

/// <summary>Attempts every question of a set once and scores the answers.</summary>
public sealed class QaEvaluation
{
    private readonly AgentLoop _loop;
    private readonly QaEvaluationOptions _options;

    internal QaEvaluation(AgentLoop loop, QaEvaluationOptions options) => (_loop, _options) = (loop, options);

    /// <summary>Runs the questions that <paramref name="log"/> does not hold yet.</summary>
    /// <param name="questions">Each with at least one answer and an id of its own.</param>
    /// <param name="log">Where attempts are kept; null keeps none. Left resumable on cancellation.</param>
    /// <param name="progress">Told after each outcome.</param>
    /// <param name="cancellationToken">Stops; finished attempts are in the log.</param>
    /// <exception cref="EndpointUnreachableException">The policy was not there and there is no outcome at all.</exception>
    public async Task<QaRun> RunAsync(
        IReadOnlyList<Question> questions, TrajectoryLog? log, IProgress<QaProgress>? progress, CancellationToken cancellationToken)
    {
        RequireAnswers(questions);
        var outcomes = questions.Select(question => log?.Find(KeyOf(question)) is { } known ? new QaOutcome(question, known) : null).ToArray();
        var done = outcomes.Count(outcome => outcome is not null);
        EndpointUnreachableException? unreachable = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForEachAsync(Pending(outcomes), parallel, async (at, token) =>
            {
                try
                {
                    var outcome = await AttemptAsync(questions[at], log, token).ConfigureAwait(false);
                    outcomes[at] = outcome;
                    progress?.Report(new QaProgress(Interlocked.Increment(ref done), questions.Count, outcome));
                }
                catch (EndpointUnreachableException missing)
                {
                    Interlocked.CompareExchange(ref unreachable, missing, null);
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (unreachable is not null && !cancellationToken.IsCancellationRequested)
        {
            // The other attempts were stopped because the policy is gone; what they had is not lost but run again.
        }

        var reached = outcomes.OfType<QaOutcome>().ToList();
        return unreachable is null || reached.Count > 0 ? new QaRun(QaReport.Of(reached), reached, unreachable?.Message) : throw unreachable;
    }

    /// <summary>The identity of a question's one attempt.</summary>
    public static TrajectoryKey KeyOf(Question question) => new(question.Id, 0);

    private static IEnumerable<int> Pending(QaOutcome?[] outcomes) =>
        Enumerable.Range(0, outcomes.Length).Where(at => outcomes[at] is null).ToList();

    private async Task<QaOutcome> AttemptAsync(Question question, TrajectoryLog? log, CancellationToken cancellationToken)
    {
        var key = KeyOf(question);
        Action<Step>? onEvidence = log is null ? null : step => log.Note(key, step);
        var trajectory = await _loop.RunAsync(key, question.Text, onEvidence, cancellationToken).ConfigureAwait(false);
        log?.Commit(trajectory);
        return new QaOutcome(question, trajectory);
    }

    private static void RequireAnswers(IReadOnlyList<Question> questions)
    {
        if (questions.Count == 0)
        {
            throw new AgenticException("there is no question to answer; give a file with at least one");
        }

        if (questions.FirstOrDefault(question => question.Answers.Count == 0) is { } without)
        {
            throw new AgenticException($"question {without.Id} has no answers; answers are needed to evaluate question answering (field \"answers\")");
        }

        if (questions.GroupBy(question => question.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new AgenticException($"question id {twice.Key} occurs more than once; ids must differ");
        }
    }
}
