using Agentic.Agent;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Which tokens a loss touches, from the authors of the segments to the number.</summary>
public sealed class MaskingTests
{
    private static readonly int[] Prompt = [3, 14, 15, 9];

    // The sides have the same tokens before they part, so policy and reference give them the same log-probabilities: they cancel in D.
    [Fact]
    public void Masking_a_prompt_that_both_sides_share_leaves_the_loss_of_dpo_unchanged() =>
        Assert.Equal(Loss(isPromptTrained: false, isToolTrained: false), Loss(isPromptTrained: true, isToolTrained: false), 1e-12);

    [Fact]
    public void Masking_what_a_tool_wrote_after_the_sides_part_changes_it() =>
        Assert.True(Math.Abs(Loss(isPromptTrained: false, isToolTrained: true) - Loss(isPromptTrained: false, isToolTrained: false)) > 1e-3);

    // A store may hold anything where nothing is trained.
    [Fact]
    public void Garbage_of_the_reference_where_nothing_is_trained_changes_nothing_to_the_bit()
    {
        using var scope = NewDisposeScope();
        Tensor Stored(ObjectiveBatch batch, double elsewhere)
        {
            var mask_RL = batch.Sequences.CompletionMask;
            return where(mask_RL, full_like(mask_RL, -3, dtype: ScalarType.Float64), full_like(mask_RL, elsewhere, dtype: ScalarType.Float64));
        }

        Assert.Equal(Loss(false, false, batch => Stored(batch, 0)), Loss(false, false, batch => Stored(batch, double.NaN)));
    }

    private static double Loss(bool isPromptTrained, bool isToolTrained, Func<ObjectiveBatch, Tensor>? stored = null)
    {
        using var noGradient = no_grad();
        using var models = new TrainedModels(Model(1), Model(2));
        TokenizedRow Row(string id, int[] said, int[] heard) => new(id, [.. Prompt, .. said, .. heard, .. said],
        [
            new TokenSpan(0, Prompt.Length, 0, Author.Prompt, isPromptTrained),
            new TokenSpan(Prompt.Length, said.Length, 1, Author.Policy, true),
            new TokenSpan(Prompt.Length + said.Length, heard.Length, 2, Author.Tool, isToolTrained),
            new TokenSpan(Prompt.Length + said.Length + heard.Length, said.Length, 3, Author.Policy, true),
        ]);
        var pair = new TokenizedPair("pair", 0, Prompt.Length, Row("chosen", [20, 21], [5, 6, 7]), Row("rejected", [22], [8, 9]));
        var items = PairItems.Of([pair], RandomRows.Maker, 32, LongRows.Refuse, "pairs");
        return new ObjectivePass(models, new DpoOptions { Beta = 0.5 }.Build(), items, 1000, stored: stored).Over([0]).Loss;
    }

    private static CausalLm Model(ulong seed) => CausalLm.Create(
        new TransformerOptions { VocabularySize = 30, HiddenSize = 16, IntermediateSize = 24, Layers = 2, Heads = 2, KeyValueHeads = 1, HeadSize = 8, ContextLength = 32 },
        Initialization.Normal, new Seed(seed), new ComputeOptions { Device = DeviceChoice.Cpu, DType = ComputeType.Float64 });
}
