using System.ComponentModel.DataAnnotations;
using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>One training within a recipe.</summary>
public sealed record SftPhase
{
    /// <summary>Worlds its demonstrations come from.</summary>
    [Range(1, 1_000_000)] public int Worlds { get; init; } = 1;

    /// <summary>Share of its demonstrations without any imperfection.</summary>
    [Range(0.0, 1.0)] public double DirectShare { get; init; } = 1;

    /// <summary>Kinds of question its demonstrations work through.</summary>
    [EnumDataType(typeof(QuestionMix))] public QuestionMix Mix { get; init; } = QuestionMix.Chains;

    /// <summary>Learning rate over it.</summary>
    public ScheduleOptions Schedule { get; init; } = new();
}

/// <summary>A small policy of the step protocol from nothing: demonstrations of generated worlds, a vocabulary, a new model, supervised training.</summary>
public sealed record AgentSftRecipeOptions : RecipeOptions, IValidatableObject
{
    /// <summary>Every training world: small, so that many can be had.</summary>
    public WorldOptions World { get; init; } = new() { Split = WorldSplit.Train, Documents = 60, Questions = 90 };

    /// <summary>
    /// Imperfections of the demonstrations that are not direct; the share of direct ones is that of the phase. Needless steps are as likely as it takes to make
    /// them the likelier way of all: greedy decoding drops what is less likely by itself, and nothing would be left to learn from preferences.
    /// </summary>
    public DemonstrationOptions Demonstrations { get; init; } = new() { NeedlessStep = 0.9 };

    /// <summary>Items of evidence in a step, while training and afterwards.</summary>
    [Range(1, 100)] public int EvidenceItems { get; init; } = 3;

    /// <summary>How the vocabulary is trained; on the first demonstrations.</summary>
    public BpeTrainerOptions Vocabulary { get; init; } = new() { VocabularySize = 1024 };

    /// <summary>Shape of the model; its vocabulary is that of the tokenizer.</summary>
    public TransformerOptions Architecture { get; init; } = new();

    /// <summary>How its weights start.</summary>
    [EnumDataType(typeof(Initialization))] public Initialization Initialization { get; init; } = Initialization.PreviousToken;

    /// <summary>What all phases have in common; order, length and learning rate are theirs.</summary>
    public TrainerOptions Training { get; init; } = new()
    {
        TokensPerUpdate = 4096,
        LongRows = LongRows.Drop,
        Optimizer = new MuonOptimizerOptions(),
        Compute = new ComputeOptions { DType = ComputeType.Bfloat16 },
    };

    /// <summary>First training, from the new weights: direct demonstrations alone.</summary>
    public SftPhase Direct { get; init; } = new() { Worlds = 100, DirectShare = 1, Schedule = new() { WarmupShare = 0.1, Decay = Decay.Constant } };

    /// <summary>Second training, from the weights of the first: direct and redundant ones, mixed whole, of all kinds of question.</summary>
    public SftPhase Mixed { get; init; } = new() { Worlds = 250, DirectShare = 0.38, Mix = QuestionMix.Even, Schedule = new() { WarmupShare = 0.01, DecayShare = 0.6 } };

    /// <summary>What the recipe decides elsewhere must not be set where it would do nothing; and nobody trains on names kept for tests.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (World.Split != WorldSplit.Train)
        {
            yield return new ValidationResult("world.split must be train: names of the other splits are kept for development and tests");
        }

        if (Demonstrations.DirectShare != new DemonstrationOptions().DirectShare)
        {
            yield return new ValidationResult("demonstrations.directShare does nothing here; set direct.directShare or mixed.directShare");
        }

        if (World.Mix != new WorldOptions().Mix)
        {
            yield return new ValidationResult("world.mix does nothing here; set direct.mix or mixed.mix");
        }

        if (Architecture.VocabularySize != new TransformerOptions().VocabularySize)
        {
            yield return new ValidationResult("architecture.vocabularySize does nothing here; set vocabulary.vocabularySize");
        }

        if (Training.Schedule != new TrainerOptions().Schedule)
        {
            yield return new ValidationResult("training.schedule does nothing here; set direct.schedule or mixed.schedule");
        }

        if (Training.Seed != new TrainerOptions().Seed || Demonstrations.Seed != new DemonstrationOptions().Seed)
        {
            yield return new ValidationResult("training.seed and demonstrations.seed do nothing here; --seed is the root of both");
        }
    }

    /// <inheritdoc/>
    public override string Describe() => "A small policy of the step protocol, trained from nothing on generated worlds.";

    /// <inheritdoc/>
    public override Task RunAsync(RecipeBench bench, CancellationToken cancellationToken) => new AgentSftRecipe(OptionsGuard.Checked(this), bench).RunAsync(cancellationToken);
}

/// <summary>Runs the recipe stage by stage; a stage whose result is there is not done again.</summary>
internal sealed class AgentSftRecipe(AgentSftRecipeOptions options, RecipeBench bench)
{
    /// <summary>Demonstrations the vocabulary is trained on: enough for every syllable and every phrase.</summary>
    private const int VocabularyRows = 3_000;

    private readonly SftPhase[] _phases = [options.Direct, options.Mixed];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var claim = Claim();
        var model = await StartAsync(cancellationToken).ConfigureAwait(false);
        for (var phase = 0; phase < _phases.Length; phase++)
        {
            await DataAsync(phase, cancellationToken).ConfigureAwait(false);
            model = await TrainAsync(phase, model, cancellationToken).ConfigureAwait(false);
        }

        Publish(model);
    }

    private FileStream Claim()
    {
        Directory.CreateDirectory(bench.Folder);
        return RunHeader.Claim(At("recipe.json"), bench.Folder, Directory.EnumerateFileSystemEntries(bench.Folder).Any(), new RunConfiguration(Values()));
    }

    private async Task DataAsync(int phase, CancellationToken cancellationToken)
    {
        if (File.Exists(Data(phase)))
        {
            return;
        }

        bench.Note($"phase {phase + 1} of {_phases.Length}: demonstrations of {_phases[phase].Worlds} worlds");
        var demonstrations = options.Demonstrations with { DirectShare = _phases[phase].DirectShare };
        var (written, dropped) = await new WorldDemonstrations(options.World with { Mix = _phases[phase].Mix }, demonstrations, options.EvidenceItems, bench.Evidence)
            .WriteAsync(Data(phase), _phases[phase].Worlds, bench.Seed.Derive("phase", phase), cancellationToken).ConfigureAwait(false);
        bench.Note($"{Data(phase)}: {Counted.Of(written, "demonstration")}, {dropped} left out");
    }

    // A folder is written under another name and renamed when it is whole.
    private async Task<string> StartAsync(CancellationToken cancellationToken)
    {
        var start = At("start");
        if (Directory.Exists(start))
        {
            return start;
        }

        await DataAsync(0, cancellationToken).ConfigureAwait(false);
        bench.Note($"vocabulary of {options.Vocabulary.VocabularySize} tokens and a new model");
        var trainer = new BpeTrainer(options.Vocabulary);
        await foreach (var demonstration in DemonstrationFile.ReadAsync(Data(0), cancellationToken).Take(VocabularyRows).ConfigureAwait(false))
        {
            foreach (var segment in demonstration.Segments)
            {
                trainer.Add(segment.Text);
            }
        }

        var unfinished = At("start.tmp");
        AtomicFolder.Remove(unfinished);
        var tokenizer = trainer.Write(unfinished);
        using (var model = CausalLm.Create(
            options.Architecture with { VocabularySize = tokenizer.VocabularySize }, options.Initialization, bench.Seed.Derive("weights"), new ComputeOptions { Device = DeviceChoice.Cpu }, ModelVocabulary.Of(tokenizer)))
        {
            model.Save(unfinished);
        }

        Directory.Move(unfinished, start);
        return start;
    }

    private async Task<string> TrainAsync(int phase, string from, CancellationToken cancellationToken)
    {
        var folder = At(FormattableString.Invariant($"phase-{phase + 1}"));
        var training = options.Training with { Schedule = _phases[phase].Schedule, Seed = bench.Seed.Derive("order", phase) };
        var items = await new SftReader(from, training.LongRows).ReadAsync(Data(phase), cancellationToken).ConfigureAwait(false);
        var job = new TrainingJob(from, items, new Sft(), training) { Header = await DemonstrationFile.ReadHeaderAsync(Data(phase), cancellationToken).ConfigureAwait(false) };
        var configuration = new RunConfiguration(Values().Append(new("data", items.Digest)).Append(new("model", ModelDigest.Of(from))));
        using var run = TrainingRun.Open(job, folder, configuration, bench.Note, bench.Time);
        if (!run.IsFinished)
        {
            bench.Note($"phase {phase + 1} of {_phases.Length}: {run.Updates - run.Done:N0} updates on {items.Report.Tokens:N0} tokens");
            run.Run(bench.Progress(run.Updates, run.Done), cancellationToken);
        }

        return folder;
    }

    private IEnumerable<KeyValuePair<string, string>> Values() => bench.Numbers.Append(new("seed", FormattableString.Invariant($"{bench.Seed.Value}")));

    private void Publish(string model) => ModelFolder.Publish(bench.Folder, unfinished =>
    {
        foreach (var file in Directory.EnumerateFiles(model).Where(file => ModelFolder.FileNames.Contains(Path.GetFileName(file))))
        {
            File.Copy(file, Path.Combine(unfinished, Path.GetFileName(file)));
        }
    });

    private string Data(int phase) => At(FormattableString.Invariant($"phase-{phase + 1}.jsonl.gz"));

    private string At(string name) => Path.Combine(bench.Folder, name);
}
