using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class ModelWorkersTests
{
    private static readonly TransformerOptions Tiny = new() { VocabularySize = 40, HiddenSize = 16, IntermediateSize = 24, Layers = 2, Heads = 2, KeyValueHeads = 1, HeadSize = 8, ContextLength = 64 };

    private static readonly SftItems Items = RandomRows.Items(rows: 12, vocabulary: 40, shortest: 10, longest: 30);

    private static readonly int[] All = [.. Enumerable.Range(0, 12).OrderByDescending(item => Items.SizeOf(item).LongestRow)];

    [Fact]
    public void Weights_after_some_updates_are_the_same_bits_with_any_number_of_workers()
    {
        var alone = Trained(1);

        Assert.Equal(alone, Trained(2));
        Assert.Equal(alone, Trained(5));

        static byte[] Trained(int workers)
        {
            using var model = Model();
            using var optimizer = new MuonOptimizerOptions().Build(model.Parameters, ScalarType.Float32);
            using var step = new UpdateStep(new TrainedModels(model), new SftObjectiveOptions().Build(), Items, optimizer, new TrainerOptions { MicroBatchTokens = 40, Workers = workers });
            for (var update = 1; update <= 4; update++)
            {
                step.Run(update, All, 1);
            }

            return [.. model.Parameters.SelectMany(parameter => parameter.Value.bytes.ToArray())];
        }
    }

    [Fact]
    public void Loss_and_gradient_equal_those_without_workers()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var workers = new ModelWorkers(new TrainedModels(model), 3);
        var gradients = new Gradients(model.Parameters);
        var objective = new SftObjectiveOptions().Build();
        (double Loss, double Norm) Pass(ModelWorkers? given)
        {
            gradients.Clear();
            var (loss, _) = new ObjectivePass(new TrainedModels(model), objective, Items, 40, given).Over(All, result => result.Loss.backward());
            return (loss, gradients.Norm());
        }

        var (expected, actual) = (Pass(null), Pass(workers));

        Assert.Equal(expected.Loss, actual.Loss, 1e-6);
        Assert.Equal(expected.Norm, actual.Norm, 1e-5 * expected.Norm);
    }

    [Fact]
    public void What_a_part_throws_reaches_the_caller_and_the_workers_go_on()
    {
        using var model = Model();
        using var workers = new ModelWorkers(new TrainedModels(model), 2);

        var thrown = Assert.Throws<InvalidOperationException>(() => workers.Run(8, (_, part) =>
        {
            if (part == 3)
            {
                throw new InvalidOperationException("part 3");
            }
        }));
        var done = 0;
        workers.Run(5, (_, _) => Interlocked.Increment(ref done));

        Assert.Equal("part 3", thrown.Message);
        Assert.Equal(5, done);
    }

    [Fact]
    public void Parts_run_under_the_grad_mode_of_the_caller_and_leave_its_threads_alone()
    {
        using var model = Model();
        var threads = get_num_threads();
        using var workers = new ModelWorkers(new TrainedModels(model), 2);
        var modes = new bool[4];
        using (no_grad())
        {
            workers.Run(2, (_, part) => modes[part] = is_grad_enabled());
        }

        workers.Run(2, (_, part) => modes[part + 2] = is_grad_enabled());

        Assert.Equal([false, false, true, true], modes);
        Assert.Equal(threads, get_num_threads());
    }

    private static CausalLm Model() =>
        CausalLm.Create(Tiny, Initialization.Normal, new Seed(1), new ComputeOptions { Device = DeviceChoice.Cpu, DType = ComputeType.Float32 });
}
