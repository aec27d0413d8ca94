using System.CommandLine;
using Agentic.Agent;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic train sft</c>: trains a model on demonstrations; can be killed at any time and goes on with the same command.</summary>
internal static class TrainSft
{
    public static Command Create(Terminal terminal)
    {
        var model = TrainOptions.Model("The model to start from.");
        var data = TrainOptions.Data("Demonstrations, as 'sft build' writes them; also .gz.");
        var (heldOut, output, force, dryRun) = (TrainOptions.HeldOut(), TrainOptions.Output(), TrainOptions.Force(), TrainOptions.DryRun());
        var command = new Command("sft", "Trains a model on demonstrations: on the tokens the policy wrote, and on nothing else.")
        {
            model, data, heldOut, output, TrainOptions.Updates(TrainOptions.Supervised), TrainOptions.CheckpointUpdates(TrainOptions.Supervised), TrainOptions.Seed(TrainOptions.Supervised), TrainOptions.Optimizer(TrainOptions.Supervised), force, dryRun,
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
            using var training = TrainingCommand.Open(run, job, reader.Tokenizer, TrainOptions.Supervised, run.Get(output)!, run.Get(force), new Dictionary<string, string> { ["objective"] = "sft" });
            TrainingCommand.Train(run, training);
            run.Report(training.Summary, console => Tables.Pairs(console, training.Summary));
            return ExitCode.Ok;
        });
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
