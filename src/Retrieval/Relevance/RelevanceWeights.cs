namespace Agentic.Retrieval;

/// <summary>Fitted weights of the relevance features, in the order of <see cref="RelevanceFeatures.Names"/>.</summary>
/// <remarks>
/// Made by <c>Agentic.Benchmarks fit-relevance DATA</c> from the bundled corpus and the train100 sets of MuSiQue and HotpotQA; how they fare
/// on other sets is in docs/results/relevance.json. Run it again after a change to the features and copy what it prints.
/// </remarks>
internal static class RelevanceWeights
{
    /// <summary>For chunks.</summary>
    public static readonly double[] Chunk = [-6.71, 4.37, 1.21, 2.43, -0.54, -0.11, 2.46, 1.09, 2.40, 0.77, 0.92, -0.15, -0.36, 0.22, -0.31];

    /// <summary>For triplets and names.</summary>
    public static readonly double[] Statement = [-5.72, 0.00, 3.71, 0.00, 0.00, 0.00, 0.00, 0.00, 1.96, 1.00, 0.00, 0.00, 0.72, 1.92, 0.37];
}
