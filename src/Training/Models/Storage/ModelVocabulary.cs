namespace Agentic.Training;

/// <summary>What a model's folder says about its tokens.</summary>
/// <param name="BosId">The id every sequence opens with, or null.</param>
/// <param name="EndId">The id a turn ends with, or null when the folder does not say.</param>
/// <param name="TokenizerFingerprint"><see cref="ModelTokenizer.Fingerprint"/> of the tokenizer the model was made with, or null when unknown; another one is refused.</param>
public sealed record ModelVocabulary(int? BosId = null, int? EndId = null, string? TokenizerFingerprint = null)
{
    /// <summary>The facts of a tokenizer.</summary>
    public static ModelVocabulary Of(ModelTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new ModelVocabulary(tokenizer.BosId, tokenizer.EndId, tokenizer.Fingerprint);
    }
}
