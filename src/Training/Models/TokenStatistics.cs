// Legend: R = rows, L = positions, N = positions that count, H = width, V = vocabulary, K = best tokens.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>What a model says about the tokens that count, from its hidden states and its head.</summary>
/// <remarks>
/// Only the positions of <see cref="SequenceBatch.CompletionMask"/> are read, and scores over the vocabulary exist for a few rows at a
/// time: forward keeps one number a position, backward makes the scores again. [R, L, V] never exists. Scores are computed in the type
/// of the hidden states, float32 at least.
/// </remarks>
public static class TokenStatistics
{
    /// <summary>Statistics of each target; 0 where the mask is false.</summary>
    /// <param name="hidden_RLH">Final hidden states, gradient flows to them.</param>
    /// <param name="head_VH">Output layer, gradient flows to it.</param>
    /// <param name="batch">Targets and mask.</param>
    /// <param name="needs"><see cref="Needs.Entropy"/> and <see cref="Needs.VocabularyReference"/> are looked at; the latter asks for <paramref name="reference"/>.</param>
    /// <param name="reference">Hidden states and head of the other model, taken as constants.</param>
    /// <param name="topK">Number of most likely tokens to report at each position; 0 for none.</param>
    public static TokenLogProbs Compute(
        Tensor hidden_RLH, Tensor head_VH, SequenceBatch batch, Needs needs = Needs.None, (Tensor Hidden, Tensor Head)? reference = null, int topK = 0)
    {
        ArgumentNullException.ThrowIfNull(hidden_RLH);
        ArgumentNullException.ThrowIfNull(head_VH);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(topK, head_VH.shape[0]);
        if (needs.HasFlag(Needs.VocabularyReference) && reference is null)
        {
            throw new ArgumentNullException(nameof(reference), "the divergence needs the reference's hidden states and head");
        }

        using var scope = NewDisposeScope();
        var place_N = batch.CompletionMask.flatten().nonzero().squeeze(-1);
        var target_N = batch.Targets.flatten().index_select(0, place_N);
        var other = needs.HasFlag(Needs.VocabularyReference) ? reference : null;
        var selected = SelectedLogProbs.Of(Rows(hidden_RLH), head_VH, place_N, target_N, other is { } given ? (Rows(given.Hidden), given.Head) : null);
        var (entropy_N, top) = WithoutGradient(Rows(hidden_RLH), head_VH, place_N, needs.HasFlag(Needs.Entropy), topK);

        Tensor Spread(Tensor perPlace_N) => Scatter(perPlace_N, place_N, batch.CompletionMask).MoveToOuterDisposeScope();
        return new TokenLogProbs(
            Spread(selected.LogProb_N),
            selected.Kl_N is null ? null : Spread(selected.Kl_N),
            entropy_N is null ? null : Spread(entropy_N),
            top is { } best ? new TopTokens(Spread(best.Ids), Spread(best.LogProbs)) : null);
    }

    /// <summary>The same from scores over the whole vocabulary, where somebody has them: checks and small examples, no training.</summary>
    /// <param name="logits_RLV">Scores, gradient flows to them; what stands where the mask is false is not read.</param>
    /// <param name="batch">Targets and mask.</param>
    /// <param name="needs">As above.</param>
    /// <param name="reference_RLV">Scores of the other model, taken as constants; for the divergence.</param>
    public static TokenLogProbs Compute(Tensor logits_RLV, SequenceBatch batch, Needs needs = Needs.None, Tensor? reference_RLV = null)
    {
        ArgumentNullException.ThrowIfNull(logits_RLV);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var place_N = batch.CompletionMask.flatten().nonzero().squeeze(-1);
        var target_N1 = batch.Targets.flatten().index_select(0, place_N).unsqueeze(-1);
        Tensor LogProbs(Tensor scores_RLV) => Rows(scores_RLV).index_select(0, place_N).log_softmax(-1);
        var logProb_NV = LogProbs(logits_RLV);

        Tensor Spread(Tensor perPlace_N) => Scatter(perPlace_N, place_N, batch.CompletionMask).MoveToOuterDisposeScope();
        var selected = Spread(logProb_NV.gather(-1, target_N1).squeeze(-1));
        Tensor? kl = null, entropy = null;
        TopTokens? best = null;
        if (needs.HasFlag(Needs.VocabularyReference))
        {
            var reference_NV = LogProbs((reference_RLV ?? throw new ArgumentNullException(nameof(reference_RLV), "the divergence needs the reference's scores")).detach());
            kl = Spread((reference_NV.exp() * (reference_NV - logProb_NV)).sum(-1));
        }

        var constant_NV = logProb_NV.detach();
        if (needs.HasFlag(Needs.Entropy))
        {
            entropy = Spread((constant_NV.exp() * constant_NV).sum(-1).neg());
        }

        if (needs.HasFlag(Needs.BestToken))
        {
            var (values_N1, ids_N1) = constant_NV.topk(1, -1, largest: true, sorted: true);
            best = new TopTokens(Spread(ids_N1), Spread(values_N1));
        }

        return new TokenLogProbs(selected, kl, entropy, best);
    }

    /// <summary>Hidden states and their statistics in one call, under the caller's grad mode.</summary>
    public static TokenLogProbs Score(this ICausalLm model, SequenceBatch batch, Needs needs = Needs.None, int topK = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var hidden_RLH = model.Hidden(batch);
        return Compute(hidden_RLH, model.Head, batch, needs, topK: topK);
    }

    /// <summary>[R * L, H].</summary>
    private static Tensor Rows(Tensor hidden_RLH) => hidden_RLH.reshape(-1, hidden_RLH.shape[^1]);

    /// <summary>Puts what belongs to the places that count back into [R, L, ...], zero elsewhere; keeps the gradient.</summary>
    private static Tensor Scatter(Tensor value_N, Tensor place_N, Tensor mask_RL)
    {
        using var scope = NewDisposeScope();
        long[] tail = value_N.shape[1..];
        return zeros([mask_RL.numel(), .. tail], dtype: value_N.dtype, device: value_N.device)
            .index_copy(0, place_N, value_N).view([.. mask_RL.shape, .. tail]).MoveToOuterDisposeScope();
    }

    private static (Tensor? Entropy, (Tensor Ids, Tensor LogProbs)? Top) WithoutGradient(Tensor hidden, Tensor head_VH, Tensor place_N, bool entropy, int topK)
    {
        if (!entropy && topK == 0)
        {
            return (null, null);
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var entropies = new List<Tensor>();
        var (ids, logProbs) = (new List<Tensor>(), new List<Tensor>());
        foreach (var (start, end) in VocabularyChunks.Of(place_N.shape[0], head_VH.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var logProb_CV = VocabularyChunks.Scores(hidden, head_VH, place_N[start..end]).log_softmax(-1);
            if (entropy)
            {
                entropies.Add((logProb_CV.exp() * logProb_CV).sum(-1).neg_().MoveToOuterDisposeScope());
            }

            if (topK > 0)
            {
                var (values, indices) = logProb_CV.topk(topK, -1, largest: true, sorted: true);
                ids.Add(indices.MoveToOuterDisposeScope());
                logProbs.Add(values.MoveToOuterDisposeScope());
            }
        }

        Tensor Joined(List<Tensor> parts, Func<Tensor> none) => (parts.Count == 0 ? none() : cat(parts)).MoveToOuterDisposeScope();
        return (
            entropy ? Joined(entropies, () => zeros(0, dtype: hidden.dtype, device: hidden.device)) : null,
            topK == 0 ? null : (
                Joined(ids, () => zeros([0, topK], dtype: ScalarType.Int64, device: hidden.device)),
                Joined(logProbs, () => zeros([0, topK], dtype: hidden.dtype, device: hidden.device))));
    }
}
