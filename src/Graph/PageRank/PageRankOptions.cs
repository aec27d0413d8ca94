using System.ComponentModel.DataAnnotations;

namespace Agentic.Graph;

/// <summary>When a Personalized PageRank walk restarts and when its computation stops.</summary>
public sealed record PageRankOptions
{
    /// <summary>Probability of following an edge instead of restarting; the alpha of TeaRAG and the damping of HippoRAG, both 0.5.</summary>
    [Range(0.0, 0.9999)]
    public double Damping { get; init; } = 0.5;

    /// <summary>Stop when a sweep changes the scores by less than this in L1. The result is then within 2 Tolerance / (1 - Damping) of the exact one (the factor 2 is the rescaling to mass 1).</summary>
    [Range(1e-300, 1.0)]
    public double Tolerance { get; init; } = 1e-9;

    /// <summary>Sweep exactly so often, whatever the change; null stops by <see cref="Tolerance"/>.</summary>
    [Range(1, int.MaxValue)]
    public int? Iterations { get; init; }

    /// <summary>Sweeps after which even plain power iteration, whose error falls by the damping each time, has met the tolerance; past it only rounding is left.</summary>
    internal int MaxIterations => Iterations ?? 10 + (int)Math.Ceiling(Math.Log(Tolerance / 4) / Math.Log(Math.Max(Damping, 0.01)));
}

/// <summary>A node of a restart vector or of a result, with its share.</summary>
public readonly record struct NodeWeight(int Node, double Weight);

/// <summary>The stationary distribution of one restart vector.</summary>
/// <param name="Scores">By node number; not negative, sum 1.</param>
/// <param name="Iterations">Sweeps made.</param>
/// <param name="Change">L1 change of the scores in the last sweep.</param>
public sealed record PageRankResult(double[] Scores, int Iterations, double Change);
