using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Which projections of the attention have a bias.</summary>
public enum AttentionBias
{
    /// <summary>None has (Llama, Qwen3).</summary>
    None,

    /// <summary>Query, key and value have (Qwen2).</summary>
    Qkv,

    /// <summary>Query, key, value and output have (<c>attention_bias</c> of Llama and Qwen3).</summary>
    Qkvo,
}

/// <summary>Shape of a decoder of the Llama and Qwen kind: RMSNorm before each part, rotary positions (rotate-half), grouped queries, SwiGLU.</summary>
/// <remarks>The one definition of the architecture: training, serving, checkpoints and checks read it.</remarks>
public sealed record TransformerOptions : IValidatableObject
{
    /// <summary>V: tokens of the vocabulary, the special ones included.</summary>
    [Range(2, 1_000_000)] public int VocabularySize { get; init; } = 1024;

    /// <summary>H: width of the residual stream.</summary>
    [Range(1, 65_536)] public int HiddenSize { get; init; } = 128;

    /// <summary>Width inside the SwiGLU part.</summary>
    [Range(1, 262_144)] public int IntermediateSize { get; init; } = 336;

    /// <summary>Number of blocks.</summary>
    [Range(1, 512)] public int Layers { get; init; } = 4;

    /// <summary>Query heads.</summary>
    [Range(1, 1024)] public int Heads { get; init; } = 4;

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    [Range(1, 1024)] public int KeyValueHeads { get; init; } = 4;

    /// <summary>Width of a head; even, because rotary positions turn pairs.</summary>
    [Range(2, 1024)] public int HeadSize { get; init; } = 32;

    /// <summary>Most tokens of a sequence.</summary>
    [Range(1, 1_048_576)] public int ContextLength { get; init; } = 2048;

    /// <summary>Base of the rotary frequencies: pair i of a head turns by position * base^(-2i / head size).</summary>
    [Range(1.0, 1e9)] public double RopeBase { get; init; } = 10_000;

    /// <summary>Added to the mean square inside every RMSNorm.</summary>
    [Range(0.0, 1.0)] public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>True when the output layer is the embedding.</summary>
    public bool TiedEmbeddings { get; init; } = true;

    /// <summary>True when each query and key head is normed, with a gain shared by the heads of a layer (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; } = true;

    /// <summary>Which projections of the attention have a bias.</summary>
    [EnumDataType(typeof(AttentionBias))] public AttentionBias Bias { get; init; } = AttentionBias.None;

    /// <summary>Trained numbers of a model of this shape; tied embeddings count once.</summary>
    public long CountParameters() => TransformerWeights.Shapes(this).Sum(parameter => parameter.Shape.Aggregate(1L, (product, extent) => product * extent));

    /// <summary>Angle by which a rotary pair turns from one position to the next.</summary>
    /// <param name="pair">0 for the fastest, to half of <see cref="HeadSize"/> less one.</param>
    internal double RotaryFrequency(int pair) => Math.Pow(RopeBase, -2.0 * pair / HeadSize);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeyValueHeads > 0 && Heads % KeyValueHeads != 0)
        {
            yield return new ValidationResult($"KeyValueHeads ({KeyValueHeads}) must divide Heads ({Heads})");
        }

        if (ModelConfig.Architecture(this) is null)
        {
            yield return new ValidationResult("QueryKeyNorm with Bias qkv is no architecture that a checkpoint can name: qwen3 has no such bias, qwen2 no such norm; choose Bias none or qkvo, or no QueryKeyNorm");
        }

        if (HeadSize % 2 != 0)
        {
            yield return new ValidationResult($"HeadSize ({HeadSize}) must be even");
        }
    }
}
