using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>What a mask does to the loss of pairs, in double precision, with a model of random weights.</summary>
public sealed class PairMaskTests : IDisposable
{
    private static readonly TransformerOptions Shape = new() { VocabularySize = 60, HiddenSize = 16, IntermediateSize = 24, Layers = 2, Heads = 2, KeyValueHeads = 1, HeadSize = 8, ContextLength = 64 };
    private static readonly ComputeOptions Compute = new() { Device = DeviceChoice.Cpu, DType = ComputeType.Float64 };

    private readonly CausalLm _policy = CausalLm.Create(Shape, Initialization.Normal, new Seed(3), Compute);
    private readonly CausalLm _reference = CausalLm.Create(Shape, Initialization.Normal, new Seed(4), Compute);
    private readonly PairItems _items = RandomPairs.Items(pairs: 6, vocabulary: 60, longest: 40, seed: 8);

    public void Dispose()
    {
        _policy.Dispose();
        _reference.Dispose();
    }

    // The prompt's log-probabilities are the same on both sides, so they cancel in the margin; the sums themselves change.
    [Fact]
    public void Masking_a_prompt_that_both_sides_share_leaves_the_sigmoid_loss_unchanged()
    {
        var (masked, _) = LossOf(batch => batch.Sequences.CompletionMask);
        var (unmasked, _) = LossOf(batch => Where(batch, (row, place, mask) => mask || place + 1 < PromptOf(row)));

        Assert.Equal(masked, unmasked, 1e-12);
    }

    // Behind the point where the sides part, each has tool tokens of its own, and nothing cancels.
    [Fact]
    public void Masking_tool_output_after_the_sides_part_changes_the_loss()
    {
        var (masked, _) = LossOf(batch => batch.Sequences.CompletionMask);
        var (unmasked, _) = LossOf(batch => Where(batch, (row, place, mask) => mask || (place + 1 >= PromptOf(row) && place + 1 < LengthOf(row))));

        Assert.True(Math.Abs(masked - unmasked) > 1e-3, $"{masked} and {unmasked}");
    }

    [Fact]
    public void Garbage_at_masked_targets_changes_neither_the_loss_nor_a_bit_of_the_gradient()
    {
        var (loss, gradients) = LossOf(batch => batch.Sequences.CompletionMask);
        var (same, others) = LossOf(batch => batch.Sequences.CompletionMask, garbage: true);

        Assert.Equal(BitConverter.DoubleToInt64Bits(loss), BitConverter.DoubleToInt64Bits(same));
        Assert.Equal(gradients, others);
        Assert.Contains(gradients, gradient => gradient != 0);
    }

    private (double Loss, double[] Gradients) LossOf(Func<ObjectiveBatch, Tensor> maskOf, bool garbage = false)
    {
        using var scope = NewDisposeScope();
        using var batch = _items.Collate([.. Enumerable.Range(0, _items.Count)], CPU);
        var mask_RL = maskOf(batch);
        var targets_RL = garbage ? where(mask_RL, batch.Sequences.Targets, full_like(batch.Sequences.Targets, 59)) : batch.Sequences.Targets;
        var sequences = new SequenceBatch(batch.Sequences.InputIds, targets_RL, mask_RL);
        foreach (var (_, value) in _policy.Parameters)
        {
            value.grad?.zero_();
        }

        TokenLogProbs reference;
        using (no_grad())
        {
            reference = _reference.Score(sequences);
        }

        var result = new DpoOptions { Beta = 0.5 }.Build().Compute(
            new ObjectiveInput(sequences, batch.Groups, _policy.Score(sequences), reference, new UpdateTotals(_items.Count, 1)));
        result.Loss.backward();
        return (result.Loss.ToDouble(), [.. _policy.Parameters.SelectMany(parameter => parameter.Value.grad!.data<double>().ToArray())]);
    }

    private static Tensor Where(ObjectiveBatch batch, Func<int, int, bool, bool> keep)
    {
        var (rows, length) = ((int)batch.Sequences.CompletionMask.shape[0], (int)batch.Sequences.CompletionMask.shape[1]);
        var mask = batch.Sequences.CompletionMask.data<bool>().ToArray();
        return tensor([.. mask.Select((isTrained, cell) => keep(cell / length, cell % length, isTrained))]).reshape(rows, length);
    }

    private int PromptOf(int row) => _items.Pair(row % _items.Count).PromptTokens;

    private int LengthOf(int row) => row < _items.Count ? _items.Pair(row).Chosen.Ids.Length : _items.Pair(row - _items.Count).Rejected.Ids.Length;
}
