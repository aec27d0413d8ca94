namespace Agentic.Retrieval;

/// <summary>Fitted weights of the relevance features, in the order of <see cref="RelevanceFeatures.Names"/>.</summary>
/// <remarks>
/// Made by <c>Agentic.Benchmarks fit-relevance DATA</c> from the bundled corpus and the train100 sets of MuSiQue and HotpotQA; how they fare
/// on other sets is in docs/results/relevance.json. Run it again after a change to the features and copy what it prints.
/// </remarks>
internal static class RelevanceWeights
{
    /// <summary>For chunks.</summary>
    public static readonly double[] Chunk = [-6.00, 5.14, 1.00, 2.52, -0.51, -0.26, 2.51, 0.62, 2.31, 0.72, 0.88, -0.11, -0.54, 0.00, 0.00, 0.00, 0.63];

    /// <summary>For triplets and names.</summary>
    public static readonly double[] Statement = [-7.22, 0.00, 3.72, 0.00, 0.00, 0.00, 0.00, 0.00, 1.38, 1.46, 0.00, 0.00, 0.68, 1.33, 0.15, -0.75, 0.35];
}
