using Agentic.Retrieval;
using Agentic.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class ReferenceFillTests : IDisposable
{
    private const int BatchTokens = 200;

    private static readonly ReferenceFingerprint Fingerprint = new("w", "t", ComputeType.Float64);
    private static readonly TransformerOptions Shape = new() { VocabularySize = 60, HiddenSize = 16, IntermediateSize = 24, Layers = 1, Heads = 2, KeyValueHeads = 1, HeadSize = 8, ContextLength = 64 };

    private readonly TemporaryFolder _folder = new();
    private readonly CausalLm _model = CausalLm.Create(
        Shape, Initialization.PreviousToken, new Seed(3), new ComputeOptions { Device = DeviceChoice.Cpu, DType = ComputeType.Float64 });

    private readonly PairItems _items = RandomPairs.Items(pairs: 30, vocabulary: 60, longest: 40);

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Filled_are_the_models_own_log_probabilities_of_every_row()
    {
        using var store = Filled("a");
        using var batch = _items.Collate([.. Enumerable.Range(0, _items.Count)], CPU);
        using var noGradient = no_grad();
        using var expected = _model.Score(batch.Sequences).Selected;
        using var stored = store.For(batch);

        Assert.True(expected.allclose(stored, 1e-12, 1e-12));
        Assert.Equal(expected.ne(0).sum().ToInt64(), stored.ne(0).sum().ToInt64());
    }

    // Killed after every batch, and once more with half of the last batch torn off.
    [Fact]
    public void A_store_filled_by_many_killed_calls_holds_the_same_bits()
    {
        Filled("whole").Dispose();
        var whole = File.ReadAllBytes(_folder["whole"]);

        for (var stop = 1; ; stop++)
        {
            if (TryFill("pieces", stopAfter: 1))
            {
                break;
            }

            var bytes = File.ReadAllBytes(_folder["pieces"]);
            File.WriteAllBytes(_folder["pieces"], stop == 3 ? bytes[..^11] : bytes);
        }

        Assert.Equal(whole, File.ReadAllBytes(_folder["pieces"]));
    }

    [Fact]
    public void A_full_store_makes_nothing_again_and_no_tensor_stays_behind()
    {
        Filled("a").Dispose();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        using var store = ReferenceStore.Open(_folder["a"], Fingerprint);
        var progress = ReferenceFill.Run(_model, _items, store, BatchTokens, null, CancellationToken.None);

        Assert.Equal((progress.AllBatches, 0), (progress.Batches, progress.Made));
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private ReferenceStore Filled(string name)
    {
        var store = ReferenceStore.Open(_folder[name], Fingerprint);
        var progress = ReferenceFill.Run(_model, _items, store, BatchTokens, null, CancellationToken.None);
        Assert.InRange(progress.AllBatches, 5, 100);
        Assert.Equal(progress.AllBatches, progress.Made);
        return store;
    }

    /// <summary>Fills until a number of batches are made, then cancels; true when nothing was left to make.</summary>
    private bool TryFill(string name, int stopAfter)
    {
        using var stop = new CancellationTokenSource();
        using var store = ReferenceStore.Open(_folder[name], Fingerprint);
        try
        {
            ReferenceFill.Run(_model, _items, store, BatchTokens, new StopAfter(stop, stopAfter), stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class StopAfter(CancellationTokenSource stop, int made) : IProgress<ReferenceProgress>
    {
        public void Report(ReferenceProgress value)
        {
            if (value.Made >= made)
            {
                stop.Cancel();
            }
        }
    }
}
