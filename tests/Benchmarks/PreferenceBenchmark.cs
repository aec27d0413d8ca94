using System.Globalization;
using Agentic.Agent;
using Agentic.Retrieval;
using Agentic.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Benchmarks;

/// <summary>Does training on preferences work: a small model learns, from pairs alone, a preference that only the prompt decides, on names it has never seen; with shuffled labels it learns nothing.</summary>
internal static class PreferenceBenchmark
{
    private const int TrainPairs = 2000, HeldOutPairs = 1000, Seeds = 3;

    private const int Epochs = 3;

    // ORPO's odds move slowly where both sides are likely, so it is given more weight and more time.
    private static readonly (string Name, ObjectiveOptions Objective, int Epochs)[] Objectives =
    [
        ("dpo", new DpoOptions(), Epochs), ("simpo", new SimpoOptions(), Epochs), ("ipo", new IpoOptions(), Epochs), ("kto", new KtoOptions(), Epochs), ("tdpo2", new Tdpo2Options(), Epochs),
        ("orpo, lambda 1, 9 epochs", new OrpoOptions { Lambda = 1 }, 3 * Epochs),
        ("dpo, labels shuffled", new DpoOptions(), Epochs),
    ];

    public static async Task<int> RunAsync()
    {
        TorchNative.EnsureLoaded();
        set_num_threads(2);
        var rows = new List<Dictionary<string, object>>();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var folder = Directory.CreateTempSubdirectory("agentic-");
            await SeedAsync(new Seed((ulong)seed), seed, name => Path.Combine(folder.FullName, name), rows);
            folder.Delete(recursive: true);
        }

        BenchmarkReport.Write("preference", "dotnet run -c Release --project tests/Benchmarks -- preference", [.. Joined(rows)]);
        return 0;
    }

    private static async Task SeedAsync(Seed seed, int number, Func<string, string> at, List<Dictionary<string, object>> rows)
    {
        var task = PreferenceTask.Make(TrainPairs, HeldOutPairs, seed, at("start"));
        var tokenizer = ModelTokenizer.Load(at("start"));
        var shape = new TransformerOptions { VocabularySize = tokenizer.VocabularySize, HiddenSize = 64, IntermediateSize = 168, Layers = 2, Heads = 4, KeyValueHeads = 4, HeadSize = 16, ContextLength = 160 };
        using (var model = CausalLm.Create(shape, Initialization.PreviousToken, seed.Derive("weights"), new ComputeOptions { Device = DeviceChoice.Cpu }, ModelVocabulary.Of(tokenizer)))
        {
            model.Save(at("start"));
        }

        var probe = NgramProbe.Fit(PreferenceTaskFolder.Examples(task.Train)).AreaUnderCurve(PreferenceTaskFolder.Examples(task.HeldOut));
        await PreferenceTaskFolder.WriteAsync(at("train"), new DemonstrationHeader(), task.Train);
        await PreferenceTaskFolder.WriteAsync(at("held"), new DemonstrationHeader(), task.HeldOut);
        await PreferenceTaskFolder.WriteAsync(at("shuffled"), new DemonstrationHeader(), task.Shuffled(seed));
        await TrainSftAsync(at, task, seed);
        foreach (var (name, objective, epochs) in Objectives)
        {
            var accuracies = await TrainAsync(at, name, objective, epochs, seed);
            rows.Add(new Dictionary<string, object> { ["objective"] = name, ["seed"] = number, ["sft"] = accuracies.Before, ["after"] = accuracies.After, ["probe"] = probe });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {number}  {name}  {accuracies.Before:0.000} -> {accuracies.After:0.000}  probe {probe:0.000}"));
        }
    }

    private static async Task TrainSftAsync(Func<string, string> at, PreferenceTask task, Seed seed)
    {
        await using (var writer = await DemonstrationWriter.CreateAsync(at("sft-data"), new DemonstrationHeader(), CancellationToken.None))
        {
            foreach (var demonstration in task.Demonstrations())
            {
                await writer.WriteAsync(demonstration, CancellationToken.None);
            }

            await writer.CommitAsync();
        }

        var items = await new SftReader(at("start"), LongRows.Refuse).ReadAsync(at("sft-data"), CancellationToken.None);
        var options = new TrainerOptions { Epochs = 4, Seed = seed, Optimizer = new MuonOptimizerOptions(), MicroBatchTokens = 2048 };
        Run(new TrainingJob(at("start"), items, new SftObjectiveOptions().Build(), options), at("sft"));
    }

    /// <summary>Accuracy on held-out pairs before and after.</summary>
    private static async Task<(double Before, double After)> TrainAsync(Func<string, string> at, string name, ObjectiveOptions objective, int epochs, Seed seed)
    {
        var reader = new PairReader(at("sft"), LongRows.Refuse);
        var pairs = await reader.ReadAsync(at(name.Contains("shuffled", StringComparison.Ordinal) ? "shuffled" : "train"), CancellationToken.None);
        var held = await reader.ReadAsync(at("held"), CancellationToken.None);
        var training = new TrainerOptions { Epochs = epochs, Seed = seed, Optimizer = new AdamwOptimizerOptions { LearningRate = 1e-3 }, MicroBatchTokens = 2048 };
        Run(PreferenceJob.Of(at("sft"), pairs, heldOut: null, new PreferenceOptions { Objective = objective, Training = training }), at(name));
        return (Accuracy(at("sft"), held), Accuracy(at(name), held));
    }

    private static void Run(TrainingJob job, string folder)
    {
        using var run = TrainingRun.Open(job, folder, new RunConfiguration(new Dictionary<string, string> { ["name"] = folder }), Console.WriteLine, TimeProvider.System);
        run.Run(new Progress<UpdateReport>(), CancellationToken.None);
    }

    /// <summary>Share of pairs whose chosen side has the greater summed log-probability, ties half.</summary>
    private static double Accuracy(string model, PairItems held)
    {
        using var loaded = CausalLm.Load(model, new ComputeOptions { Device = DeviceChoice.Cpu });
        using var noGradient = no_grad();
        var all = Enumerable.Range(0, held.Count).OrderByDescending(item => held.SizeOf(item).LongestRow).ToArray();
        return new ObjectivePass(new TrainedModels(loaded), new PairRanking(), held, 4096).Over(all).Metrics["logps/accuracies"];
    }

    private static IEnumerable<Dictionary<string, object>> Joined(List<Dictionary<string, object>> rows) => rows.GroupBy(row => (string)row["objective"]).Select(group => new Dictionary<string, object>
    {
        ["objective"] = group.Key,
        ["seeds"] = group.Count(),
        ["probe_auc"] = Math.Round(group.Max(row => (double)row["probe"]), 3),
        ["sft_accuracy"] = string.Join(" / ", group.Select(row => ((double)row["sft"]).ToString("0.000", CultureInfo.InvariantCulture))),
        ["accuracy"] = string.Join(" / ", group.Select(row => ((double)row["after"]).ToString("0.000", CultureInfo.InvariantCulture))),
    });
}
