using System.Text.Json;
using Agentic.Agent;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary>What all commands that train have in common: the run in its folder, its configuration, its progress.</summary>
internal static class TrainingCommand
{
    /// <summary>Settings that decide how often a run is saved and how fast it is, and not what it gives: they may change from run to run.</summary>
    private static readonly string[] Incidental = ["checkpointUpdates", "keptCheckpoints", "workers"];

    /// <summary>Opens the run of a folder and says where it stands.</summary>
    /// <param name="section">Section of the settings with the trainer's options.</param>
    /// <param name="also">What decides the outcome beside the trainer's options, the model and the data.</param>
    public static TrainingRun Open(Run run, TrainingJob job, ModelTokenizer tokenizer, string section, string output, bool startOver, IReadOnlyDictionary<string, string> also)
    {
        if (startOver)
        {
            TrainingRun.Remove(output);
        }

        var training = TrainingRun.Open(job, output, Configuration(job, tokenizer, section, also), warning => run.Note($"warning: {warning}"), run.Terminal.Clock);
        if (training.Done > 0)
        {
            run.Note(training.IsFinished ? $"{output}: all {training.Updates:N0} updates are done" : $"{output}: going on after update {training.Done:N0} of {training.Updates:N0}");
        }

        return training;
    }

    /// <summary>Runs up to an update, the last one without.</summary>
    public static void Train(Run run, TrainingRun training, int? until = null)
    {
        var progress = new TrainingProgress(run.Terminal, training.Updates, training.Done);
        try
        {
            training.Run(progress, run.Cancelled, until);
        }
        finally
        {
            progress.End();
        }
    }

    private static RunConfiguration Configuration(TrainingJob job, ModelTokenizer tokenizer, string section, IReadOnlyDictionary<string, string> also)
    {
        var settings = JsonSerializer.SerializeToNode(job.Options, OptionsJson.Serializer)!.AsObject();
        var values = SettingsLeaves.Of(settings, section).Where(leaf => !Incidental.Contains(leaf.Path[(section.Length + 1)..])).ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        values["model"] = ModelDigest.Of(job.ModelFolder);
        values["tokenizer"] = tokenizer.Fingerprint;
        values["data"] = job.Items.Digest;
        values["eval data"] = job.HeldOut?.Digest ?? "none";
        foreach (var (name, value) in also)
        {
            values[name] = value;
        }

        return new RunConfiguration(values);
    }
}
