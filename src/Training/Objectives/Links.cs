// Legend: B = pairs.
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Agentic.Training;

/// <summary>From the scores of both sides to the loss of a pair.</summary>
internal interface IPairLink
{
    /// <summary>Implicit reward of a side over its score.</summary>
    double RewardScale { get; }

    /// <summary>Loss of each pair, [B].</summary>
    Tensor Loss(Tensor chosen_B, Tensor rejected_B);
}

/// <summary>-(1 - e) log s(z) - e log s(-z), z = beta (S_w - S_l) - gamma.</summary>
internal sealed class LogisticLink(double beta, double gamma = 0, double smoothing = 0) : IPairLink
{
    public double RewardScale => beta;

    public Tensor Loss(Tensor chosen_B, Tensor rejected_B)
    {
        var z_B = (chosen_B - rejected_B).Times(beta).Plus(-gamma);
        return logsigmoid(z_B).Times(smoothing - 1) - logsigmoid(-z_B).Times(smoothing);
    }
}

/// <summary>[-(1 - e) log s(z) + e log s(-z)] / (1 - 2 e), z = beta (S_w - S_l).</summary>
internal sealed class RobustLink(double beta, double flipRate) : IPairLink
{
    public double RewardScale => beta;

    public Tensor Loss(Tensor chosen_B, Tensor rejected_B)
    {
        var z_B = (chosen_B - rejected_B).Times(beta);
        return (logsigmoid(z_B).Times(flipRate - 1) + logsigmoid(-z_B).Times(flipRate)).Over(1 - (2 * flipRate));
    }
}

/// <summary>(S_w - S_l - 1 / (2 beta))^2.</summary>
internal sealed class SquareLink(double beta) : IPairLink
{
    public double RewardScale => beta;

    public Tensor Loss(Tensor chosen_B, Tensor rejected_B) => (chosen_B - rejected_B).Plus(-1 / (2 * beta)).square();
}

/// <summary>max(0, 1 - beta (S_w - S_l)).</summary>
internal sealed class HingeLink(double beta) : IPairLink
{
    public double RewardScale => beta;

    public Tensor Loss(Tensor chosen_B, Tensor rejected_B) => relu((rejected_B - chosen_B).Times(beta).Plus(1));
}

/// <summary>-log s(beta S_w) - log s(-beta S_l): a classifier of the sides by themselves.</summary>
internal sealed class ClassifierLink(double beta) : IPairLink
{
    public double RewardScale => beta;

    public Tensor Loss(Tensor chosen_B, Tensor rejected_B) => -logsigmoid(chosen_B.Times(beta)) - logsigmoid(rejected_B.Times(-beta));
}

/// <summary>-lambda log s(o_w - o_l), with o = S - log(1 - exp S) the log-odds of a mean log-probability.</summary>
internal sealed class OddsRatioLink(double lambda) : IPairLink
{
    public double RewardScale => lambda;

    public Tensor Loss(Tensor chosen_B, Tensor rejected_B) => logsigmoid(LogOdds(chosen_B) - LogOdds(rejected_B)).Times(-lambda);

    /// <summary>A certain side has infinite odds: scores end short of 0 by what their type still tells from it.</summary>
    private static Tensor LogOdds(Tensor score_B)
    {
        using Scalar highest = score_B.dtype == ScalarType.Float64 ? -1e-15 : -1e-7;
        var below_B = score_B.clamp_max(highest);
        return below_B - LogOneMinusExp(below_B);
    }

    /// <summary>log(1 - exp x) for x below 0: by expm1 near 0, by log1p far from it; each branch sees only what it can bear, so that its gradient is finite.</summary>
    private static Tensor LogOneMinusExp(Tensor x_B)
    {
        using Scalar between = -Math.Log(2);
        var (isNear_B, between_B) = (x_B.gt(between), full_like(x_B, between));
        var near_B = where(isNear_B, x_B, between_B).expm1().neg().log();
        var far_B = where(isNear_B, between_B, x_B).exp().neg().log1p();
        return where(isNear_B, near_B, far_B);
    }
}
