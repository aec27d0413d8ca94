using Agentic.Agent;
using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.Training.Tests;

/// <summary>A model small enough that a run takes a second, in a folder of its own, and rows to train it on.</summary>
internal sealed class SmallRun : IDisposable
{
    private static readonly TransformerOptions Shape = new() { VocabularySize = 300, HiddenSize = 16, IntermediateSize = 24, Layers = 2, Heads = 2, KeyValueHeads = 1, HeadSize = 8, ContextLength = 64 };

    private readonly TemporaryFolder _folder = new();

    public SmallRun(ulong modelSeed = 1)
    {
        var tokenizer = SmallTokenizer.Train(Model, 300, ["Who made it? Ida made it."]);
        using var model = CausalLm.Create(Shape with { VocabularySize = tokenizer.VocabularySize }, Initialization.PreviousToken, new Seed(modelSeed), Compute, ModelVocabulary.Of(tokenizer));
        model.Save(Model);
    }

    public static ComputeOptions Compute { get; } = new() { Device = DeviceChoice.Cpu };

    /// <summary>Muon, so that both optimizers are in it; three checkpoints and a rest.</summary>
    public TrainerOptions Options { get; init; } = new()
    {
        Updates = 14, TokensPerUpdate = 150, MicroBatchTokens = 100, CheckpointUpdates = 4, Compute = Compute, Optimizer = new MuonOptimizerOptions { WeightDecay = 0.1 }, Seed = new Seed(9),
    };

    public ITrainingItems Items { get; init; } = RandomRows.Items(rows: 40, vocabulary: 250, shortest: 8, longest: 40);

    public ITrainingItems? HeldOut { get; init; }

    public IObjective Objective { get; init; } = new SftObjectiveOptions().Build();

    public AlarmOptions Alarms { get; init; } = new();

    public string? ReferenceStore { get; init; }

    public List<string> Warnings { get; } = [];

    public string Model => _folder["model"];

    public string Output(string name) => _folder[name];

    public TrainingRun Open(string name, string configuration = "same") => TrainingRun.Open(
        new TrainingJob(Model, Items, Objective, Options) { HeldOut = HeldOut, Alarms = Alarms, ReferenceStore = ReferenceStore },
        Output(name),
        new RunConfiguration(new Dictionary<string, string> { ["training"] = configuration }),
        Warnings.Add,
        TimeProvider.System);

    /// <summary>Trains until <paramref name="stopAfter"/> updates of this call are done, by cancelling; to the end when null.</summary>
    public IReadOnlyList<UpdateReport> Train(string name, int? stopAfter = null)
    {
        using var run = Open(name);
        using var stop = new CancellationTokenSource();
        var reports = new Reports(stop, stopAfter);
        if (stopAfter is null)
        {
            run.Run(reports, stop.Token);
        }
        else
        {
            Assert.Throws<OperationCanceledException>(() => run.Run(reports, stop.Token));
        }

        return reports.Seen;
    }

    public byte[] Weights(string name) => File.ReadAllBytes(Path.Combine(Output(name), "model.safetensors"));

    public string[] Checkpoints(string name) => [.. Directory.EnumerateDirectories(Path.Combine(Output(name), "checkpoints")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    private sealed class Reports(CancellationTokenSource stop, int? stopAfter) : IProgress<UpdateReport>
    {
        public List<UpdateReport> Seen { get; } = [];

        public void Report(UpdateReport value)
        {
            Seen.Add(value);
            if (Seen.Count == stopAfter)
            {
                stop.Cancel();
            }
        }
    }
}
