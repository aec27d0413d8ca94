using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>What an objective asks of the run besides the policy's own log-probabilities; the trainer reads it to decide which forwards to run.</summary>
[Flags]
public enum Needs
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>Sums of the reference's log-probabilities.</summary>
    SequenceReference = 1,

    /// <summary>The reference's log-probability of every token.</summary>
    TokenReference = 2,

    /// <summary>The reference's distribution over the vocabulary at every token.</summary>
    VocabularyReference = 4,

    /// <summary>Statistics of rows that join each item's prompt with another item's completion, taken over the whole update; see <see cref="IUpdateStatistics"/>.</summary>
    MismatchedCompletions = 256,

    /// <summary>The place where both sides of a pair part: <see cref="SequenceBatch.ScoredFrom"/>.</summary>
    Parting = 2048,

    /// <summary>Weights that the data gives the tokens: <see cref="SequenceBatch.TokenWeights"/>.</summary>
    TokenWeights = 4096,

    /// <summary>Entropy of the policy at every token.</summary>
    Entropy = 512,

    /// <summary>The policy's most likely token at every position.</summary>
    BestToken = 1024,
}

/// <summary>A training objective: a stateless function of log-probabilities.</summary>
public interface IObjective
{
    /// <summary>What it asks of the run.</summary>
    Needs Needs { get; }

    /// <summary>This micro-batch's share of the update's loss: sums are divided by <see cref="ObjectiveInput.Totals"/>, so the shares of all micro-batches add up.</summary>
    ObjectiveResult Compute(in ObjectiveInput input);
}

/// <summary>An objective with statistics of the whole update, made without gradient before its first backward, so that micro-batches cannot change them.</summary>
public interface IUpdateStatistics : IObjective
{
    /// <summary>
    /// A micro-batch's share of the statistics, read from mismatched rows (<see cref="SequenceGroups"/>); the shares of all micro-batches are added
    /// and come back in <see cref="UpdateTotals.Statistics"/>.
    /// </summary>
    IReadOnlyDictionary<string, double> Measure(in ObjectiveInput mismatched);
}

/// <summary>An objective that remembers something from update to update; what it remembers is in every checkpoint.</summary>
public interface IStatefulObjective : IObjective
{
    /// <summary>What it remembers, by name; setting it makes the objective go on from there, an empty one makes it begin.</summary>
    IReadOnlyDictionary<string, double> State { get; set; }

    /// <summary>Called once after each update, never between its micro-batches.</summary>
    /// <param name="metrics">The update's metrics, summed over its micro-batches.</param>
    void Advance(IReadOnlyDictionary<string, double> metrics);
}

/// <summary>Counts of the whole update, not of one micro-batch.</summary>
/// <param name="Items">Pairs, lists or samples.</param>
/// <param name="ChosenTokens">Trained tokens; of the chosen side, where there are sides.</param>
public readonly record struct UpdateTotals(int Items, long ChosenTokens)
{
    /// <summary>What an <see cref="IUpdateStatistics"/> measured over the whole update; null for other objectives.</summary>
    public IReadOnlyDictionary<string, double>? Statistics { get; init; }
}

/// <summary>What an objective computes from.</summary>
public readonly record struct ObjectiveInput(SequenceBatch Batch, Groups Groups, TokenLogProbs Policy, TokenLogProbs? Reference, UpdateTotals Totals)
{
    /// <summary>The batch's pairs.</summary>
    /// <exception cref="InvalidCastException">It has none: the objective and the data do not fit.</exception>
    public PairGroups Pairs => (PairGroups)Groups;

    /// <summary>The batch's labelled rows.</summary>
    /// <exception cref="InvalidCastException">It has none: the objective and the data do not fit.</exception>
    public UnpairedGroups Unpaired => (UnpairedGroups)Groups;

    /// <summary>Sum over each row's trained tokens, [R]; by selection, so that what stands at masked places cannot matter.</summary>
    public Tensor Sum(Tensor perToken_RL)
    {
        using var zero = zeros_like(perToken_RL);
        using var selected_RL = where(Batch.CompletionMask, perToken_RL, zero);
        return selected_RL.sum(-1);
    }
}
