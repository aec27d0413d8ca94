// Legend: R = rows, L = positions, A = query heads, K = key heads, D = width of a head.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Causal attention of a whole sequence over itself, by libtorch; on the CPU <see cref="FusedAttention"/> stands in for it, except in double precision.</summary>
internal static class Attention
{
    /// <summary>Each position over itself and those before it, with softmax(q k / sqrt(D)).</summary>
    /// <param name="query_RLAD">Queries.</param>
    /// <param name="key_RLKD">Keys; K divides A, and query head a reads key head a K / A.</param>
    /// <param name="value_RLKD">Values.</param>
    /// <param name="leftPadding">int64 [R] tokens of padding before each row, or null: nothing but padding itself attends to it.</param>
    /// <returns>[R, L, A * D].</returns>
    public static Tensor Causal(Tensor query_RLAD, Tensor key_RLKD, Tensor value_RLKD, Tensor? leftPadding)
    {
        using var scope = NewDisposeScope();
        var (rows, length, heads) = (query_RLAD.shape[0], query_RLAD.shape[1], query_RLAD.shape[2]);
        var query_RALD = query_RLAD.transpose(1, 2);
        var key_RALD = OfQueryHeads(key_RLKD, heads).transpose(1, 2);
        var value_RALD = OfQueryHeads(value_RLKD, heads).transpose(1, 2);
        var mask = leftPadding is null ? null : Mask(length, leftPadding);
        var mixed_RALD = nn.functional.scaled_dot_product_attention(query_RALD, key_RALD, value_RALD, mask, 0.0, is_casual: mask is null);
        return mixed_RALD.transpose(1, 2).reshape(rows, length, -1).MoveToOuterDisposeScope();
    }

    private static Tensor OfQueryHeads(Tensor perKeyHead_RLKD, long heads)
    {
        var group = heads / perKeyHead_RLKD.shape[2];
        return group == 1 ? perKeyHead_RLKD.alias() : perKeyHead_RLKD.repeat_interleave(group, dim: 2);
    }

    /// <summary>bool [R, 1, L, L]; true where a position may look. Padding sees itself alone, so that its softmax is not empty.</summary>
    private static Tensor Mask(long length, Tensor leftPadding)
    {
        using var scope = NewDisposeScope();
        var at = arange(length, device: leftPadding.device);
        var causal_LL = at.unsqueeze(1) >= at.unsqueeze(0);
        var itself_LL = at.unsqueeze(1) == at.unsqueeze(0);
        var real_R1L = at.view(1, 1, -1) >= leftPadding.view(-1, 1, 1);
        return (causal_LL & (real_R1L | itself_LL)).unsqueeze(1).MoveToOuterDisposeScope();
    }
}
