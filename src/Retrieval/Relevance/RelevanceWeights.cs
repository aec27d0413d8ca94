namespace Agentic.Retrieval;

/// <summary>Fitted weights of the relevance features, in the order of <see cref="RelevanceFeatures.Names"/>.</summary>
internal static class RelevanceWeights
{
    public static readonly double[] Chunk = [-6.2, 3.215, 1.641, 1.127, -0.441, -0.043, 0.880, 1.453, -0.263, 2.418, -0.182, 2.461, 0.009, 1.283, -0.240, -0.145];
}
