// Legend: P = all positions, N = positions that count, C = positions of a chunk, H = width, V = vocabulary.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Log-probability of targets, and the divergence from a reference, without keeping scores over the vocabulary.</summary>
/// <remarks>
/// With scores z = W h, p = softmax(z): log p(y) has the gradient 1[y] - p in z, and KL(ref || p) = sum ref (log ref - log p) has p - ref.
/// Backward makes z again, chunk by chunk, and turns them into the gradients of h and W at once.
/// </remarks>
internal sealed class SelectedLogProbs : autograd.MultiTensorFunction<SelectedLogProbs>
{
    public override string Name => nameof(SelectedLogProbs);

    /// <summary>[N] each, with gradient to <paramref name="hidden_PH"/> and <paramref name="head_VH"/>; the divergence only with a reference.</summary>
    public static (Tensor LogProb_N, Tensor? Kl_N) Of(Tensor hidden_PH, Tensor head_VH, Tensor place_N, Tensor target_N, (Tensor Hidden, Tensor Head)? reference)
    {
        var outputs = apply(hidden_PH, head_VH, place_N, target_N, reference?.Hidden.detach()!, reference?.Head.detach()!);
        return (outputs[0], reference is null ? null : outputs[1]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var inputs = vars.Select(value => (Tensor)value).ToList();
        ctx.save_for_backward(inputs);
        ctx.set_materialize_grads(false);
        var (hidden_PH, head_VH, place_N, target_N) = (inputs[0], inputs[1], inputs[2], inputs[3]);
        using var scope = NewDisposeScope();
        var logProb_N = empty([place_N.shape[0]], dtype: hidden_PH.dtype, device: hidden_PH.device);
        var kl_N = inputs[4] is null ? null : empty_like(logProb_N);
        foreach (var (start, end) in VocabularyChunks.Of(place_N.shape[0], head_VH.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var place_C = place_N[start..end];
            var logProb_CV = VocabularyChunks.Scores(hidden_PH, head_VH, place_C).log_softmax(-1);
            logProb_N[start..end] = logProb_CV.gather(-1, target_N[start..end].unsqueeze(-1)).squeeze(-1);
            if (kl_N is not null)
            {
                var reference_CV = VocabularyChunks.Scores(inputs[4], inputs[5], place_C).to(hidden_PH.dtype).log_softmax(-1);
                kl_N[start..end] = (reference_CV.exp() * (reference_CV - logProb_CV)).sum(-1);
            }
        }

        return kl_N is null ? [logProb_N.MoveToOuterDisposeScope()] : [logProb_N.MoveToOuterDisposeScope(), kl_N.MoveToOuterDisposeScope()];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        var inputs = ctx.get_saved_variables();
        var (hidden_PH, head_VH, place_N, target_N) = (inputs[0], inputs[1], inputs[2], inputs[3]);
        var logProbGrad_N = Given(grad_outputs[0]);
        var klGrad_N = grad_outputs.Count > 1 ? Given(grad_outputs[1]) : null;
        using Scalar plus = 1, minus = -1; // held while native code reads them
        var hiddenGrad_PH = zeros_like(hidden_PH);
        var headGrad_VH = zeros_like(head_VH, dtype: hidden_PH.dtype);
        foreach (var (start, end) in VocabularyChunks.Of(place_N.shape[0], head_VH.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var place_C = place_N[start..end];
            var rows_CH = hidden_PH.index_select(0, place_C);
            var prob_CV = VocabularyChunks.Scores(rows_CH, head_VH).softmax(-1);
            var scoreGrad_CV = zeros_like(prob_CV);
            if (klGrad_N is not null)
            {
                var reference_CV = VocabularyChunks.Scores(inputs[4], inputs[5], place_C).to(prob_CV.dtype).softmax(-1);
                scoreGrad_CV.addcmul_(prob_CV - reference_CV, klGrad_N[start..end].unsqueeze(-1), plus);
            }

            if (logProbGrad_N is not null)
            {
                var grad_C1 = logProbGrad_N[start..end].unsqueeze(-1);
                scoreGrad_CV.addcmul_(prob_CV, grad_C1, minus).scatter_add_(-1, target_N[start..end].unsqueeze(-1), grad_C1);
            }

            hiddenGrad_PH.index_copy_(0, place_C, scoreGrad_CV.matmul(head_VH.to(prob_CV.dtype)));
            headGrad_VH.addmm_(scoreGrad_CV.t(), rows_CH);
        }

        return [hiddenGrad_PH.MoveToOuterDisposeScope(), headGrad_VH.to(head_VH.dtype).MoveToOuterDisposeScope(), null!, null!, null!, null!];
    }

    /// <summary>The gradient of an output, or null where nothing used it.</summary>
    private static Tensor? Given(Tensor grad) => grad is null || grad.IsInvalid ? null : grad;
}
