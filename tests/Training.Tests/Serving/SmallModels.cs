using Agentic.Retrieval;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Random small models, and what they say when torch computes it over whole sequences without any cache.</summary>
internal static class SmallModels
{
    public static readonly TransformerOptions Options = new()
    {
        VocabularySize = 300, HiddenSize = 48, IntermediateSize = 72, Layers = 3, Heads = 4, KeyValueHeads = 2, HeadSize = 12, ContextLength = 160,
    };

    /// <summary>The option grid: grouped queries or not, tied or not, norms, each form of bias, head sizes around a vector, another rotary base.</summary>
    public static TheoryData<TransformerOptions> Grid { get; } =
    [
        Options,
        Options with { KeyValueHeads = 4, QueryKeyNorm = false },
        Options with { KeyValueHeads = 1, TiedEmbeddings = false, Bias = AttentionBias.Qkv, QueryKeyNorm = false },
        Options with { Bias = AttentionBias.Qkvo, RopeBase = 500_000, HeadSize = 16, IntermediateSize = 80 },
        Options with { HiddenSize = 128, HeadSize = 32, IntermediateSize = 336, TiedEmbeddings = false },
        Options with { HiddenSize = 17, HeadSize = 34, IntermediateSize = 5, VocabularySize = 33, Layers = 1, NormEpsilon = 1e-3 },
    ];

    public static CausalLm Create(TransformerOptions options, ulong seed = 1) =>
        CausalLm.Create(options, Initialization.Normal, new Seed(seed), new ComputeOptions { Device = DeviceChoice.Cpu });

    /// <summary>Logits after each token, [tokens][V].</summary>
    public static float[][] Logits(CausalLm model, IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var ids = tensor(tokens.Select(token => (long)token).ToArray()).unsqueeze(0);
        using var batch = new SequenceBatch(ids, zeros_like(ids), ones_like(ids, dtype: ScalarType.Bool));
        var logits = model.Hidden(batch).matmul(model.Head.transpose(0, 1)).squeeze(0);
        return [.. Enumerable.Range(0, tokens.Count).Select(at => logits[at].data<float>().ToArray())];
    }

    public static int[] RandomTokens(Random random, int count, int vocabularySize) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabularySize))];
}
