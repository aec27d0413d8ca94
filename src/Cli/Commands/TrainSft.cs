using System.CommandLine;
using System.Text.Json;
using Agentic.Agent;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic train sft</c>: trains a model on demonstrations; can be killed at any time and goes on with the same command.</summary>
internal static class TrainSft
{
    /// <summary>Settings that decide how often the run is saved and how fast it is, and not what it gives: they may change from run to run.</summary>
    private static readonly string[] Incidental = ["training.checkpointUpdates", "training.keptCheckpoints", "training.workers"];

    public static Command Create(Terminal terminal)
    {
        var model = TrainOptions.Model("The model to start from.");
        var data = TrainOptions.Data("Demonstrations, as 'sft build' writes them; also .gz.");
        var (heldOut, output, force, dryRun) = (TrainOptions.HeldOut(), TrainOptions.Output(), TrainOptions.Force(), TrainOptions.DryRun());
        var command = new Command("sft", "Trains a model on demonstrations: on the tokens the policy wrote, and on nothing else.")
        {
            model, data, heldOut, output, TrainOptions.Updates(), TrainOptions.CheckpointUpdates(), TrainOptions.Seed(), TrainOptions.Optimizer(), force, dryRun,
        };
        return command.Runs(terminal, async run =>
        {
            var folder = run.Get(model)!;
            var options = run.Settings.Training;
            var reader = new SftReader(folder, options.LongRows);
            var items = await reader.ReadAsync(run.Get(data)!, run.Cancelled).ConfigureAwait(false);
            Warn(run, items.Report);
            if (run.Get(dryRun))
            {
                return await ForecastAsync(run, reader, run.Get(data)!, items, options).ConfigureAwait(false);
            }

            var job = new TrainingJob(folder, items, new SftObjectiveOptions().Build(), options)
            {
                HeldOut = run.Get(heldOut) is { } held ? await reader.ReadAsync(held, run.Cancelled).ConfigureAwait(false) : null,
                Header = await DemonstrationFile.ReadHeaderAsync(run.Get(data)!, run.Cancelled).ConfigureAwait(false),
            };
            return Train(run, job, reader, run.Get(output)!, run.Get(force));
        });
    }

    private static int Train(Run run, TrainingJob job, SftReader reader, string output, bool startOver)
    {
        if (startOver)
        {
            TrainingRun.Remove(output);
        }

        using var training = TrainingRun.Open(job, output, Configuration(job, reader), warning => run.Note($"warning: {warning}"), run.Terminal.Clock);
        if (training.Done > 0)
        {
            run.Note(training.IsFinished ? $"{output}: all {training.Updates:N0} updates are done" : $"{output}: going on after update {training.Done:N0} of {training.Updates:N0}");
        }

        var progress = new TrainingProgress(run.Terminal, training.Updates, training.Done);
        try
        {
            training.Run(progress, run.Cancelled);
        }
        finally
        {
            progress.End();
        }

        run.Report(training.Summary, console => Tables.Pairs(console, training.Summary));
        return ExitCode.Ok;
    }

    private static RunConfiguration Configuration(TrainingJob job, SftReader reader)
    {
        var settings = JsonSerializer.SerializeToNode(job.Options, OptionsJson.Serializer)!.AsObject();
        var values = SettingsLeaves.Of(settings, "training").Where(leaf => !Incidental.Contains(leaf.Path)).ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        values["objective"] = "sft";
        values["model"] = ModelDigest.Of(job.ModelFolder);
        values["tokenizer"] = reader.Tokenizer.Fingerprint;
        values["data"] = job.Items.Digest;
        values["eval data"] = job.HeldOut?.Digest ?? "none";
        return new RunConfiguration(values);
    }

    private static void Warn(Run run, SftDataReport report)
    {
        if (report.DroppedRows + report.TruncatedRows > 0)
        {
            run.Note($"warning: {report.DroppedRows:N0} rows longer than the context were dropped, {report.TruncatedRows:N0} cut");
        }
    }

    private static async Task<int> ForecastAsync(Run run, SftReader reader, string data, SftItems items, TrainerOptions options)
    {
        var forecast = TrainingForecast.Of(reader.Model, items, options);
        var row = (await SftReader.FindAsync(data, 1, reader.Tokenizer, run.Cancelled).ConfigureAwait(false))!;
        var tokens = MaskView.Of(row, reader.Tokenizer);
        run.Report(new { Forecast = forecast, Data = items.Report, Example = MaskReport.Of(row, tokens) }, console =>
        {
            Tables.Pairs(console, forecast);
            Tables.Pairs(console, items.Report);
            console.WriteLine();
            MaskReport.Show(console, row, tokens);
        });
        return ExitCode.Ok;
    }
}
