using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>Runs when no other test does: the memory of the process is theirs too.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    // A graph or a batch that stayed would add at least its 200 KB an update, 80 MB over the last 400.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Five_hundred_updates_need_no_more_memory_than_a_hundred(bool onPairs)
    {
        CausalLm Create() => CausalLm.Create(
            new TransformerOptions { VocabularySize = 64, HiddenSize = 32, IntermediateSize = 48, Layers = 1, Heads = 2, KeyValueHeads = 2, HeadSize = 16, ContextLength = 64 },
            Initialization.Normal, new Retrieval.Seed(1), SmallRun.Compute);
        using var model = Create();
        using var reference = Create();
        ITrainingItems items = onPairs ? RandomPairs.Items(pairs: 4, vocabulary: 64, longest: 50) : RandomRows.Items(rows: 4, vocabulary: 64, shortest: 40, longest: 60);
        var objective = onPairs ? new Tdpo2Options().Build() : new SftObjectiveOptions().Build();
        int[] taken = [.. Enumerable.Range(0, items.Count).OrderByDescending(item => items.SizeOf(item).LongestRow)];
        using var optimizer = new MuonOptimizerOptions().Build(model.Parameters, ScalarType.Float32);
        using var step = new UpdateStep(new TrainedModels(model, reference), objective, items, optimizer, new TrainerOptions { MicroBatchTokens = 130, Workers = 2 });

        var (tensors, memory) = (0L, 0L);
        for (var update = 1; update <= 500; update++)
        {
            step.Run(update, taken, 0.1);
            if (update == 100)
            {
                (tensors, memory) = (DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount, Resident());
            }
        }

        Assert.Equal(tensors, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        Assert.InRange(Resident() - memory, long.MinValue, 60L << 20);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }
}
