namespace Agentic.Training;

/// <summary>Whose log-probabilities a store holds: only under the same model, vocabulary and number type do they mean the same.</summary>
/// <param name="Weights">Digest of shape and weights, <see cref="ModelDigest"/>.</param>
/// <param name="Tokenizer">Fingerprint of the vocabulary.</param>
/// <param name="Compute">Number type of the matrix products.</param>
public sealed record ReferenceFingerprint(string Weights, string Tokenizer, ComputeType Compute)
{
    /// <summary>That of a model's folder under options.</summary>
    /// <exception cref="Agentic.Retrieval.AgenticException">The folder has no weights or no tokenizer of its own.</exception>
    public static ReferenceFingerprint Of(string modelFolder, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return new ReferenceFingerprint(ModelDigest.Of(modelFolder), ModelFolder.LoadTokenizer(modelFolder).Fingerprint, compute.DType);
    }

    /// <summary>What of <paramref name="stored"/> is another; empty when the two are equal.</summary>
    internal IReadOnlyList<string> DifferencesFrom(ReferenceFingerprint stored)
    {
        var differences = new List<string>();
        if (stored.Weights != Weights)
        {
            differences.Add($"other weights ({Short(stored.Weights)}, and the reference is {Short(Weights)})");
        }

        if (stored.Tokenizer != Tokenizer)
        {
            differences.Add($"another tokenizer ({Short(stored.Tokenizer)}, and the reference's is {Short(Tokenizer)})");
        }

        if (stored.Compute != Compute)
        {
            differences.Add($"another number type ({stored.Compute}, and the reference computes in {Compute})");
        }

        return differences;
    }

    private static string Short(string digest) => digest.Length <= 12 ? digest : digest[..12];
}
