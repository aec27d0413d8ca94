using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What the value of an answer is.</summary>
public enum OutcomeMeasure
{
    /// <summary>Token F1, best over the accepted answers: the paper's.</summary>
    F1,

    /// <summary>Exact match after normalisation.</summary>
    ExactMatch,

    /// <summary>1 when a chat model says that the answer means the same as an accepted one.</summary>
    Judge,
}

/// <summary>Where similarity comes from.</summary>
public enum SimilarityKind
{
    /// <summary><see cref="WordShareMatch"/>: no index, no model.</summary>
    WordShare,

    /// <summary><see cref="RelevanceMatch"/> over the sim_R of an index.</summary>
    Relevance,
}

/// <summary>How trajectories are scored.</summary>
public sealed record ScoringOptions
{
    /// <summary>Which parts of the reward count.</summary>
    [EnumDataType(typeof(RewardParts))] public RewardParts Rewards { get; init; } = RewardParts.Full;

    /// <summary>What the value of an answer is.</summary>
    [EnumDataType(typeof(OutcomeMeasure))] public OutcomeMeasure Outcome { get; init; } = OutcomeMeasure.F1;

    /// <summary>What a unit of gold evidence is.</summary>
    [EnumDataType(typeof(GoldUnit))] public GoldUnit Unit { get; init; } = GoldUnit.Auto;

    /// <summary>Where similarity comes from; the command line reads it, a library caller gives a match.</summary>
    [EnumDataType(typeof(SimilarityKind))] public SimilarityKind Similarity { get; init; } = SimilarityKind.WordShare;

    /// <summary>Weights of the process reward.</summary>
    public ProcessWeightOptions Weights { get; init; } = new();

    /// <summary>The chat model that judges, for <see cref="OutcomeMeasure.Judge"/>.</summary>
    public AnswerJudgeOptions Judge { get; init; } = new();
}

/// <summary>Gives trajectories their rewards, as TeaRAG defines them.</summary>
/// <remarks>Safe for concurrent use. But for a judge, equal trajectories get equal rewards.</remarks>
/// <param name="options">What counts.</param>
/// <param name="match">Similarity to gold evidence; <see cref="WordShareMatch"/> when null.</param>
/// <param name="documents">Text of a gold document, or null when it is not at hand.</param>
/// <param name="judge">Asked when the options say so.</param>
public sealed class TrajectoryScorer(ScoringOptions options, IEvidenceMatch? match = null, Func<string, string?>? documents = null, AnswerJudge? judge = null)
{
    private readonly ScoringOptions _options = OptionsGuard.Checked(options);
    private readonly IEvidenceMatch _match = match ?? new WordShareMatch();
    private readonly Func<string, string?> _documents = documents ?? (_ => null);
    private readonly ObeyedInstruction _instructions = new();

    /// <summary>Scores one attempt.</summary>
    /// <exception cref="AgenticException">The question has no answers, or a judge is asked for and none was given.</exception>
    public async ValueTask<ScoredTrajectory> ScoreAsync(Question question, Trajectory trajectory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(trajectory);
        if (question.Answers.Count == 0)
        {
            throw new AgenticException($"question {question.Id} has no answers; answers are needed to score (field \"answers\")");
        }

        var gold = question.Hops == 1 ? GoldEvidence.None : GoldEvidence.Of(question, _options.Unit, _documents);
        var kind = gold.Unit is null ? HopKind.Single : HopKind.Multi;
        var value = await ValueAsync(question, trajectory, cancellationToken).ConfigureAwait(false);
        var measures = new RewardMeasures(kind, value, HasForm(trajectory), [.. trajectory.Steps.Select(IsConsistent)], await MatchesAsync(gold, trajectory, cancellationToken).ConfigureAwait(false));
        var id = FormattableString.Invariant($"{trajectory.QuestionId}-{trajectory.Attempt}");
        return new ScoredTrajectory(id, question, trajectory, kind, gold.Unit, TeaRagReward.Of(measures, _options.Rewards, _options.Weights), value)
        {
            Obeyed = _instructions.In(trajectory),
        };
    }

    /// <summary>True when the text follows the protocol to a final answer that the policy gave by itself, after at least one step.</summary>
    internal static bool HasForm(Trajectory trajectory) =>
        trajectory.Stop == StopReason.Answered && trajectory.Answer is not null && trajectory.Steps.Count > 0 && trajectory.Steps.All(step => step.Summary is not null);

    /// <summary>CEM: every key entity is contained in the subquery, both normalised as answers are. A step without entities names nothing and is not consistent.</summary>
    internal static bool IsConsistent(Step step)
    {
        var subquery = AnswerScore.Normalize(step.Subquery);
        return step.KeyEntities.Count > 0 && step.KeyEntities.All(entity => subquery.Contains(AnswerScore.Normalize(entity), StringComparison.Ordinal));
    }

    private async ValueTask<double> ValueAsync(Question question, Trajectory trajectory, CancellationToken cancellationToken) => _options.Outcome switch
    {
        OutcomeMeasure.ExactMatch => AnswerScore.ExactMatch(trajectory.Answer, question.Answers),
        OutcomeMeasure.Judge => await (judge ?? throw new AgenticException("the outcome is to be judged and there is no judge; set scoring.judge.endpoint and scoring.judge.model"))
            .IsRightAsync(question, trajectory.Answer, cancellationToken).ConfigureAwait(false) ? 1 : 0,
        _ => AnswerScore.F1(trajectory.Answer, question.Answers),
    };

    private async ValueTask<IReadOnlyList<UnitMatch>> MatchesAsync(GoldEvidence gold, Trajectory trajectory, CancellationToken cancellationToken)
    {
        if (_options.Rewards != RewardParts.Full || gold.Unit is null)
        {
            return [];
        }

        var queries = trajectory.Steps.Select(step => new RelevanceCandidate("", step.Subquery)).ToList();
        var contexts = trajectory.Steps.SelectMany(step => step.Evidence).Select(CandidateOf).Distinct().ToList();
        var summaries = trajectory.Steps.Select(step => step.Summary).OfType<string>().Select(summary => new RelevanceCandidate("", summary)).ToList();
        var matches = new List<UnitMatch>(gold.Wordings.Count);
        foreach (var wordings in gold.Wordings)
        {
            matches.Add(new UnitMatch(
                await BestAsync(wordings, queries, cancellationToken).ConfigureAwait(false),
                await BestAsync(wordings, contexts, cancellationToken).ConfigureAwait(false),
                await BestAsync(wordings, summaries, cancellationToken).ConfigureAwait(false)));
        }

        return matches;
    }

    private async ValueTask<double> BestAsync(IReadOnlyList<string> wordings, IReadOnlyList<RelevanceCandidate> texts, CancellationToken cancellationToken)
    {
        var best = 0.0;
        foreach (var wording in texts.Count == 0 ? [] : wordings)
        {
            best = Math.Max(best, (await _match.MatchAsync(wording, texts, cancellationToken).ConfigureAwait(false)).Max());
        }

        return best;
    }

    private static RelevanceCandidate CandidateOf(Evidence evidence) => evidence switch
    {
        Evidence.OfChunk { Chunk: var chunk } => new RelevanceCandidate(chunk.Title, chunk.Text),
        Evidence.OfTriplet { Triplet: var triplet } => new RelevanceCandidate("", triplet.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(evidence), evidence.GetType().Name, "the set of evidence is closed"),
    };
}
