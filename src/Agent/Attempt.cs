using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The state of one run through the loop: the growing text and what is known of it.</summary>
internal sealed class Attempt(
    TrajectoryKey key, string question, IPolicy policy, IEvidenceRetriever evidence, AgentLoopOptions options, TimeProvider time)
{
    /// <summary>Characters a completion may have for each token it was allowed; beyond, the policy has ignored its limit.</summary>
    private const int CharactersPerToken = 32;

    private readonly Seed _seed = options.Seed.Derive(key.QuestionId, key.Attempt);
    private readonly long _started = time.GetTimestamp();
    private readonly List<Segment> _segments = [new(0, Author.Prompt, PromptText.Render(question, options.MaxSteps, policy.Prompt))];
    private readonly List<Step> _steps = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private int _calls;
    private int _repeats;
    private int _thinking;
    private int _retrieved;
    private string? _problem;

    public async Task<Trajectory> RunAsync(Action<Step>? onEvidence, CancellationToken cancellationToken)
    {
        try
        {
            while (_thinking + _retrieved < options.MaxAttemptTokens)
            {
                var call = await CompleteAsync(forced: false, cancellationToken).ConfigureAwait(false);
                var move = ProtocolParser.Parse(call.Completion.Text, _steps.Count);
                if (move.Summary is { } summary)
                {
                    _steps[^1] = _steps[^1] with { Summary = summary };
                }

                switch (move)
                {
                    case PolicyMove.FinalAnswer final:
                        Write(call, _steps.Count, move.Length);
                        return End(StopReason.Answered, final.Answer);
                    case PolicyMove.NextStep step when !IsRefused(step):
                        Write(call, _steps.Count + 1, move.Length, endsLine: true);
                        await ShowEvidenceAsync(step, onEvidence, cancellationToken).ConfigureAwait(false);
                        break;
                    case PolicyMove.NextStep step:
                        Write(call, _steps.Count, step.StepStart);
                        return await ForceAnswerAsync(cancellationToken).ConfigureAwait(false);
                    case PolicyMove.SummaryOnly when _steps.Count >= options.MaxSteps:
                        Write(call, _steps.Count, move.Length, endsLine: true);
                        return await ForceAnswerAsync(cancellationToken).ConfigureAwait(false);
                    default:
                        Write(call, _steps.Count, move.Length);
                        _problem = move is PolicyMove.Malformed malformed ? malformed.Reason : "it ends after the summary, without another step or a final answer";
                        return End(StopReason.Malformed, null);
                }
            }

            _problem = string.Create(CultureInfo.InvariantCulture, $"the budget of {options.MaxAttemptTokens} tokens was used up");
            return End(StopReason.TokenLimit, null);
        }
        catch (PolicyFailedException failure)
        {
            _problem = failure.Message;
            return End(StopReason.PolicyFailed, null);
        }
    }

    // The cap, or a policy that goes in circles: the text of the step is not taken over and the answer is asked for.
    private bool IsRefused(PolicyMove.NextStep step)
    {
        if (_steps.Count >= options.MaxSteps)
        {
            return true;
        }

        var isNew = _asked.Add(EntityName.Key(string.Join('\n', step.KeyEntities) + '\n' + step.Subquery));
        if (isNew || ++_repeats <= options.MaxRepeatedSubqueries)
        {
            return false;
        }

        _problem = "the same subquery was asked again and again; the final answer was forced";
        return true;
    }

    private async Task<Trajectory> ForceAnswerAsync(CancellationToken cancellationToken)
    {
        _segments.Add(new Segment(_steps.Count, Author.Tool, ProtocolText.ForcedAnswer));
        var call = await CompleteAsync(forced: true, cancellationToken).ConfigureAwait(false);
        Write(call, _steps.Count, call.Completion.Text.Length);
        if (ProtocolParser.ParseForced(call.Completion.Text) is PolicyMove.FinalAnswer final)
        {
            return End(StopReason.StepLimit, final.Answer);
        }

        _problem = "the forced final answer is empty";
        return End(StopReason.Malformed, null);
    }

    private async Task ShowEvidenceAsync(PolicyMove.NextStep move, Action<Step>? onEvidence, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var number = _steps.Count + 1;
        using var span = AgentTelemetry.StartRetrieval(number);
        var found = await evidence.RetrieveAsync(new EvidenceRequest(move.Subquery, move.KeyEntities), cancellationToken).ConfigureAwait(false);
        var block = ReferenceBlock.Render(found.Items);
        _retrieved += TokenCounter.Count(block);
        _segments.Add(new Segment(number, Author.Tool, block) { Seconds = time.GetElapsedTime(started).TotalSeconds });
        _steps.Add(new Step(number, move.KeyEntities, move.Subquery, found.Items, null) { Trace = found.Trace });
        onEvidence?.Invoke(_steps[^1]);
    }

    private async Task<Call> CompleteAsync(bool forced, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var remaining = Math.Max(1, options.MaxAttemptTokens - _thinking - _retrieved);
        var maxTokens = Math.Min(options.MaxCompletionTokens, remaining);
        var request = new PolicyRequest(
            question, [.. _steps], [.. _segments], key, _seed.Derive("completion", _calls++), forced, maxTokens)
        {
            Stops = Stops(forced),
        };
        using var span = AgentTelemetry.StartCompletion(policy.Id, maxTokens);
        var completion = await policy.CompleteAsync(request, cancellationToken).ConfigureAwait(false);
        RememberIds(completion.SegmentIds);
        var text = WellFormedText.Of(completion.Text, maxTokens * CharactersPerToken);
        // A policy that writes on past the mark would show itself evidence.
        var mark = text.IndexOf(ProtocolText.Open, StringComparison.OrdinalIgnoreCase);
        return new Call(Cut(completion, mark < 0 ? text : text[..mark]), time.GetElapsedTime(started).TotalSeconds);
    }

    // Ids that are known stay: they are what was sampled.
    private void RememberIds(IReadOnlyList<IReadOnlyList<int>>? ids)
    {
        for (var at = 0; ids is not null && at < Math.Min(ids.Count, _segments.Count); at++)
        {
            _segments[at] = _segments[at].TokenIds is null ? _segments[at] with { TokenIds = ids[at] } : _segments[at];
        }
    }

    private IReadOnlyList<string> Stops(bool forced) =>
        forced ? ["\n"]
        : _steps.Count >= options.MaxSteps ? [ProtocolText.Open, string.Create(CultureInfo.InvariantCulture, $"{ProtocolText.Step} {_steps.Count + 1}:")]
        : [ProtocolText.Open];

    private void Write(Call call, int step, int length, bool endsLine = false)
    {
        var completion = Cut(call.Completion, call.Completion.Text[..length]);
        var text = endsLine && !completion.Text.EndsWith('\n') ? completion.Text + '\n' : completion.Text;
        _thinking += TokenCounter.Count(text);
        if (text.Length > 0)
        {
            _segments.Add(new Segment(step, Author.Policy, text)
            {
                TokenIds = completion.TokenIds,
                LogProbs = completion.LogProbs,
                Seconds = call.Seconds,
            });
        }
    }

    // Ids stand for the text they were sampled with; of a part of it they are not known.
    private static Completion Cut(Completion completion, string text) =>
        text == completion.Text ? completion : new Completion(text);

    private Trajectory End(StopReason stop, string? answer) => new(
        key.QuestionId,
        key.Attempt,
        policy.Id,
        _seed,
        _segments,
        _steps,
        answer,
        stop,
        new TokenCounts(_thinking, _retrieved, _thinking + _retrieved, _steps.Count),
        time.GetElapsedTime(_started).TotalSeconds)
    {
        Question = question,
        Problem = _problem,
    };

    private readonly record struct Call(Completion Completion, double Seconds);
}
