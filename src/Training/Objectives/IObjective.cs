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

/// <summary>How the rows of a batch belong together.</summary>
public abstract record Groups
{
    private Groups()
    {
    }

    /// <summary>Rows that stand for themselves (SFT).</summary>
    public sealed record Sequences : Groups;
}

/// <summary>Counts of the whole update, not of one micro-batch.</summary>
/// <param name="Items">Pairs, lists or samples.</param>
/// <param name="ChosenTokens">Trained tokens; of the chosen side, where there are sides.</param>
public readonly record struct UpdateTotals(int Items, long ChosenTokens);

/// <summary>What an objective computes from.</summary>
public readonly record struct ObjectiveInput(SequenceBatch Batch, Groups Groups, TokenLogProbs Policy, TokenLogProbs? Reference, UpdateTotals Totals)
{
    /// <summary>Sum over each row's trained tokens, [R]; by selection, so that what stands at masked places cannot matter.</summary>
    public Tensor Sum(Tensor perToken_RL)
    {
        using var zero = zeros_like(perToken_RL);
        using var selected_RL = where(Batch.CompletionMask, perToken_RL, zero);
        return selected_RL.sum(-1);
    }
}

/// <summary>Loss with its gradient, and what the log shows.</summary>
/// <param name="Loss">Scalar with gradient.</param>
/// <param name="PerItem">[G] undivided losses per pair, list or sample, detached.</param>
/// <param name="Metrics">Shares of the update's metrics (they add up over micro-batches) under TRL's names.</param>
public sealed record ObjectiveResult(Tensor Loss, Tensor PerItem, IReadOnlyDictionary<string, double> Metrics);
