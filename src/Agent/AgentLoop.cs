using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Limits of an attempt. Every one is enforced by the loop, whatever the policy or the evidence says.</summary>
public sealed record AgentLoopOptions
{
    /// <summary>Most steps; after the last one the final answer is forced. The default is the paper's.</summary>
    [Range(1, 50)] public int MaxSteps { get; init; } = 5;

    /// <summary>Most tokens of one completion, in the policy's own vocabulary.</summary>
    [Range(16, 32_768)] public int MaxCompletionTokens { get; init; } = 512;

    /// <summary>O200k tokens an attempt may write and be shown before it is ended without an answer.</summary>
    [Range(256, 4_000_000)] public int MaxAttemptTokens { get; init; } = 65_536;

    /// <summary>How often an attempt may ask what it has asked before; once more forces the final answer.</summary>
    [Range(0, 50)] public int MaxRepeatedSubqueries { get; init; } = 1;

    /// <summary>Root of every attempt's seed.</summary>
    public Seed Seed { get; init; } = new(0);

    /// <summary>The loop over a policy and a source of evidence.</summary>
    /// <param name="policy">Asked for text.</param>
    /// <param name="evidence">Asked for evidence, once a step.</param>
    /// <param name="time">Clock of the timings; the system's when null.</param>
    /// <exception cref="OptionsException">A limit is out of its range.</exception>
    public AgentLoop Build(IPolicy policy, IEvidenceRetriever evidence, TimeProvider? time = null) =>
        new(policy, evidence, OptionsGuard.Checked(this), time ?? TimeProvider.System);
}

/// <summary>Drives a policy through the step protocol: write a step, be shown evidence, summarise, go on or answer.</summary>
/// <remarks>Safe for concurrent use. An attempt depends on question, attempt number, seed, policy and evidence alone.</remarks>
public sealed class AgentLoop
{
    /// <summary>Identity of a question that has none of its own.</summary>
    internal const string Unnamed = "question";

    private readonly IPolicy _policy;
    private readonly IEvidenceRetriever _evidence;
    private readonly AgentLoopOptions _options;
    private readonly TimeProvider _time;

    internal AgentLoop(IPolicy policy, IEvidenceRetriever evidence, AgentLoopOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(evidence);
        (_policy, _evidence, _options, _time) = (policy, evidence, options, time);
    }

    /// <summary>Who writes the policy segments.</summary>
    public string PolicyId => _policy.Id;

    /// <summary>How the policy is asked.</summary>
    public PromptStyle Prompt => _policy.Prompt;

    /// <summary>One attempt at a question that has no identity of its own.</summary>
    public Task<Trajectory> AskAsync(string question, CancellationToken cancellationToken) =>
        RunAsync(new TrajectoryKey(Unnamed, 0), question, null, cancellationToken);

    /// <summary>One attempt at a question of a set.</summary>
    /// <param name="key">Identity of the attempt; decides its seed.</param>
    /// <param name="question">The question in words.</param>
    /// <param name="onEvidence">Called after each step's evidence has come, in order; for progress and for records of work in flight.</param>
    /// <param name="cancellationToken">Ends the attempt without a trajectory.</param>
    /// <returns>The attempt, however it ended.</returns>
    public async Task<Trajectory> RunAsync(TrajectoryKey key, string question, Action<Step>? onEvidence, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(question);
        using var span = AgentTelemetry.StartAttempt(key, _policy.Id);
        var attempt = new Attempt(key, question, _policy, _evidence, _options, _time);
        var trajectory = await attempt.RunAsync(onEvidence, cancellationToken).ConfigureAwait(false);
        AgentTelemetry.Finish(span, trajectory);
        return trajectory;
    }
}
