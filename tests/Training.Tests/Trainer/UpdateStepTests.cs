using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class UpdateStepTests
{
    private static readonly TransformerOptions Tiny = new() { VocabularySize = 40, HiddenSize = 16, IntermediateSize = 24, Layers = 2, Heads = 2, KeyValueHeads = 1, HeadSize = 8, ContextLength = 64 };

    private static readonly SftItems Items = RandomRows.Items(rows: 8, vocabulary: 40, shortest: 10, longest: 30);

    private static readonly int[] All = [.. Enumerable.Range(0, 8).OrderByDescending(item => Items.SizeOf(item).LongestRow)];

    // 1 x 8 = 8 x 1: in float64 only the order of sums differs.
    [Fact]
    public void Loss_and_gradient_norm_do_not_depend_on_the_micro_batches()
    {
        var whole = Update(All, microBatchTokens: 100_000, new AdamwOptimizerOptions());
        var single = Update(All, microBatchTokens: 1, new AdamwOptimizerOptions());

        Assert.Equal(whole.Loss, single.Loss, 1e-12);
        Assert.Equal(whole.GradNorm, single.GradNorm, 1e-12);
    }

    [Fact]
    public void Twenty_updates_on_the_same_rows_lower_the_loss()
    {
        using var model = Model(ComputeType.Float32);
        using var optimizer = new MuonOptimizerOptions().Build(model.Parameters, ScalarType.Float32);
        using var step = new UpdateStep(new TrainedModels(model), new SftObjectiveOptions().Build(), Items, optimizer, new TrainerOptions());

        var losses = Enumerable.Range(1, 20).Select(update => step.Run(update, All, 1).Loss).ToList();

        Assert.True(losses[^1] < 0.7 * losses[0], $"{losses[0]} to {losses[^1]}");
    }

    [Theory]
    [InlineData(ComputeType.Float32)]
    [InlineData(ComputeType.Bfloat16)]
    public void An_update_leaves_no_tensor_behind(ComputeType type)
    {
        using var model = Model(type);
        using var optimizer = new MuonOptimizerOptions().Build(model.Parameters, ScalarType.Float32);
        using var step = new UpdateStep(new TrainedModels(model), new SftObjectiveOptions().Build(), Items, optimizer, new TrainerOptions { MicroBatchTokens = 60 });
        step.Run(1, All, 1);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        for (var update = 2; update < 6; update++)
        {
            step.Run(update, All, 1);
            Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        }
    }

    [Fact]
    public void A_loss_that_is_not_finite_changes_no_weight()
    {
        using var scope = NewDisposeScope();
        using var model = Model(ComputeType.Float32);
        using (no_grad())
        {
            model.Parameters[0].Value.fill_(float.NaN);
        }

        var before = model.Parameters.Select(parameter => parameter.Value.detach().clone()).ToList();
        using var optimizer = new AdamwOptimizerOptions { WeightDecay = 0.1 }.Build(model.Parameters, ScalarType.Float32);
        using var step = new UpdateStep(new TrainedModels(model), new SftObjectiveOptions().Build(), Items, optimizer, new TrainerOptions());

        var stopped = Assert.Throws<NonFiniteLossException>(() => step.Run(3, All, 1));

        Assert.Equal(3, stopped.Update);
        Assert.All(model.Parameters.Zip(before), pair => Assert.True(pair.First.Value.allclose(pair.Second, rtol: 0, atol: 0, equal_nan: true)));
        Assert.All(optimizer.State, entry => Assert.Equal(0, entry.Value.abs().sum().ToDouble()));
    }

    [Fact]
    public void A_gradient_longer_than_the_limit_is_shortened_to_it()
    {
        using var scope = NewDisposeScope();
        using var model = Model(ComputeType.Float64);
        var gradients = new Gradients(model.Parameters);
        new ObjectivePass(new TrainedModels(model), new SftObjectiveOptions().Build(), Items, 1000).Over(All, result => result.Loss.backward());
        var norm = gradients.Norm();

        gradients.Clip(norm, norm * 2);
        Assert.Equal(norm, gradients.Norm(), 1e-12);
        gradients.Clip(norm, 0.25);

        Assert.Equal(0.25 * norm / (norm + 1e-6), gradients.Norm(), 1e-12);
    }

    private static UpdateStep.Result Update(IReadOnlyList<int> taken, int microBatchTokens, OptimizerOptions options)
    {
        using var model = Model(ComputeType.Float64);
        using var optimizer = options.Build(model.Parameters, ScalarType.Float64);
        using var step = new UpdateStep(new TrainedModels(model), new SftObjectiveOptions().Build(), Items, optimizer, new TrainerOptions { MicroBatchTokens = microBatchTokens });
        return step.Run(1, taken, 1);
    }

    private static CausalLm Model(ComputeType type) =>
        CausalLm.Create(Tiny, Initialization.Normal, new Seed(1), new ComputeOptions { Device = DeviceChoice.Cpu, DType = type });
}
