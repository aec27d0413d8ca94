using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>How the weights of a new model start.</summary>
public enum Initialization
{
    /// <summary>Matrices N(0, 1 / (3 n)) with n their inputs (for the embedding: its width), gains 1, biases 0.</summary>
    Normal,

    /// <summary>
    /// As <see cref="Normal"/>, but half of the heads of layer 0 look at the token before, whatever the tokens are: the first half of an
    /// induction head (Olsson et al. 2022), with which small models learn to copy names within minutes. Nothing is frozen.
    /// </summary>
    PreviousToken,
}

/// <summary>Makes the weights of a new model; a parameter depends on the seed, its name and the options alone.</summary>
/// <remarks>
/// The previous-token heads: entry 0 of every embedding is one constant, a third of its squared norm, so that after the norm it is
/// about sqrt(H / 3) for every token. Column 0 of the head's query matrix is (1, 0) and that of its key matrix (cos f, sin f) in the
/// rotary pairs of the five fastest frequencies f. After turning, query m and key n meet with the sum of cos((m - n - 1) f), whose
/// maximum is at n = m - 1. With query and key norms their gains in layer 0 are 1.7; without, the columns are scaled to the same peak.
/// The output matrix of layer 0 starts three times larger, so that what these heads bring is heard.
/// </remarks>
internal sealed class WeightInitializer(TransformerOptions options, Initialization kind, Seed seed)
{
    private const int Frequencies = 5;
    private const double PeakGain = 1.7;
    private const double OutputScale = 3;

    /// <summary>Standard deviation of what else is in the rows of a previous-token head.</summary>
    private const double HeadNoise = 0.01;

    /// <summary>A new float32 tensor on the CPU for one parameter.</summary>
    public Tensor Make(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        if (shape.Length == 1)
        {
            return Vector(name, shape).MoveToOuterDisposeScope();
        }

        var deviation = 1 / Math.Sqrt(3.0 * shape[1]);
        using var generator = new Generator(seed.Derive(name).Value, CPU);
        var matrix = randn(shape, dtype: ScalarType.Float32, generator: generator).mul_(deviation);
        if (kind == Initialization.PreviousToken)
        {
            LookBack(name, matrix, deviation);
        }

        return matrix.MoveToOuterDisposeScope();
    }

    private Tensor Vector(string name, long[] shape)
    {
        var sharpens = kind == Initialization.PreviousToken
            && name is "model.layers.0.self_attn.q_norm.weight" or "model.layers.0.self_attn.k_norm.weight";
        var value = name.EndsWith(".bias", StringComparison.Ordinal) ? 0.0 : sharpens ? PeakGain : 1.0;
        return full(shape, value, dtype: ScalarType.Float32);
    }

    private void LookBack(string name, Tensor matrix, double deviation)
    {
        var queries = Math.Max(1, options.Heads / 2);
        switch (name)
        {
            case "model.embed_tokens.weight":
                matrix[.., 0].fill_(deviation * Math.Sqrt(0.5 * options.HiddenSize));
                break;
            case "model.layers.0.self_attn.q_proj.weight":
                SetHeads(matrix, deviation, queries, _ => (1, 0));
                break;
            case "model.layers.0.self_attn.k_proj.weight":
                var group = options.Heads / options.KeyValueHeads;
                SetHeads(matrix, deviation, (queries + group - 1) / group, angle => (Math.Cos(angle), Math.Sin(angle)));
                break;
            case "model.layers.0.self_attn.o_proj.weight":
                matrix.mul_(OutputScale);
                break;
        }
    }

    private void SetHeads(Tensor matrix, double deviation, int heads, Func<double, (double First, double Second)> pair)
    {
        var half = options.HeadSize / 2;
        var pairs = Math.Min(Frequencies, half);
        // The peak of q k is (gain^2 D); from columns alone it is scale^2 (H / 3) pairs.
        var scale = options.QueryKeyNorm ? 1 : PeakGain * Math.Sqrt(3.0 * options.HeadSize / (options.HiddenSize * pairs));
        var rows = matrix[..(heads * options.HeadSize)];
        rows.mul_(HeadNoise / deviation);
        rows[.., 0].zero_();
        for (var head = 0; head < heads; head++)
        {
            for (var index = 0; index < pairs; index++)
            {
                var (first, second) = pair(options.RotaryFrequency(index));
                var row = (head * options.HeadSize) + index;
                matrix[row, 0].fill_(first * scale);
                matrix[row + half, 0].fill_(second * scale);
            }
        }
    }
}
