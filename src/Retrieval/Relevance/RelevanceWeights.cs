namespace Agentic.Retrieval;

/// <summary>Fitted weights of the relevance features, in the order of <see cref="RelevanceFeatures.Names"/>.</summary>
/// <remarks>
/// Made by <c>Agentic.Benchmarks fit-relevance DATA</c> from the bundled corpus and the train100 sets of MuSiQue and HotpotQA; how they fare
/// on other sets is in docs/results/relevance.json. Run it again after a change to the features and copy what it prints.
/// </remarks>
internal static class RelevanceWeights
{
    /// <summary>For chunks.</summary>
    public static readonly double[] Chunk = [-5.54, 5.57, 0.88, 2.57, -0.49, -0.35, 2.51, 0.38, 2.25, 0.70, 0.87, -0.17, -0.66, 0.00, 0.00, 0.00, 1.35];

    /// <summary>For triplets and names.</summary>
    public static readonly double[] Statement = [-7.57, 0.00, 3.79, 0.00, 0.00, 0.00, 0.00, 0.00, 1.30, 1.41, 0.00, 0.00, 0.74, 1.37, 0.06, -0.75, 0.31];
}
