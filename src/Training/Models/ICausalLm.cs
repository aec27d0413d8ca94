using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>A causal language model as training sees it: final hidden states and the head they are read with.</summary>
/// <remarks>Not safe for concurrent use. Runs under the caller's grad mode, on one thread.</remarks>
public interface ICausalLm : IDisposable
{
    /// <summary>Its shape.</summary>
    TransformerOptions Options { get; }

    /// <summary>Where it computes.</summary>
    Device Device { get; }

    /// <summary>Trained tensors by their names in a checkpoint, in a fixed order; owned by the model.</summary>
    IReadOnlyList<(string Name, Tensor Value)> Parameters { get; }

    /// <summary>A model over the same numbers that gathers gradients of its own, for another thread; dispose it before this one.</summary>
    ICausalLm Replica();

    /// <summary>Final hidden states after the last norm, [R, L, H], of <see cref="SequenceBatch.InputIds"/>.</summary>
    Tensor Hidden(SequenceBatch batch);

    /// <summary>The output layer, [V, H]; the embedding where the two are tied. Owned by the model.</summary>
    Tensor Head { get; }
}

/// <summary>Rows of token ids with what is to be predicted and what of it counts. Owns its tensors.</summary>
/// <param name="InputIds">int64 [R, L]; padded with any valid id.</param>
/// <param name="Targets">int64 [R, L]; entry t is the token after input t.</param>
/// <param name="CompletionMask">bool [R, L]; true where the policy wrote the target: the only places a loss touches.</param>
/// <param name="TokenWeights">float [R, L] or null for ones.</param>
public sealed record SequenceBatch(Tensor InputIds, Tensor Targets, Tensor CompletionMask, Tensor? TokenWeights = null) : IDisposable
{
    /// <summary>int64 [R]: padding tokens before each row's first token, or null for none. Positions start after them and nothing attends to them.</summary>
    public Tensor? LeftPadding { get; init; }

    /// <summary>int64 [R]: where each row parts from its partner, as the first position whose target is the row's own; null where nobody asks.</summary>
    public Tensor? ScoredFrom { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        InputIds.Dispose();
        Targets.Dispose();
        CompletionMask.Dispose();
        TokenWeights?.Dispose();
        LeftPadding?.Dispose();
        ScoredFrom?.Dispose();
    }
}

/// <summary>Statistics of each target under a model; every tensor is [R, L], float32 at least, and 0 where the completion mask is false.</summary>
/// <param name="Selected">Log-probability of the target.</param>
/// <param name="KlFromReference">Sum over the vocabulary of ref (log ref - log policy), when asked for.</param>
/// <param name="Entropy">Entropy over the full vocabulary in nats, without gradient, when asked for.</param>
/// <param name="Top">The most likely tokens, without gradient, when asked for.</param>
public sealed record TokenLogProbs(Tensor Selected, Tensor? KlFromReference = null, Tensor? Entropy = null, TopTokens? Top = null);

/// <summary>The K most likely tokens at each position, best first.</summary>
/// <param name="Ids">int64 [R, L, K].</param>
/// <param name="LogProbs">[R, L, K].</param>
public sealed record TopTokens(Tensor Ids, Tensor LogProbs);
