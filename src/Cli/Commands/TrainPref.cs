using System.CommandLine;
using System.Text.Json;
using Agentic.Agent;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary><c>agentic train pref</c>: trains a model on preference pairs; can be killed at any time and goes on with the same command.</summary>
internal static class TrainPref
{
    public static Command Create(Terminal terminal)
    {
        var model = TrainOptions.Model("The model to start from; also the reference, unless --reference names another.");
        var data = new Option<string>("--data") { Description = "Preference pairs, as 'pairs build' writes them; also .gz.", HelpName = "FILE", Required = true };
        var heldOut = new Option<string?>("--eval-data") { Description = "Pairs whose loss, margins and accuracy are measured at every checkpoint, and by whose loss the best one is kept.", HelpName = "FILE" };
        var questions = new Option<string?>("--eval-questions") { Description = "Questions the policy of every checkpoint is asked, over --eval-index; scores go to evaluations.jsonl.", HelpName = "FILE" };
        var index = new Option<string?>("--eval-index") { Description = "The index of --eval-questions.", HelpName = "DIR" };
        var reference = new Option<string?>("--reference") { Description = "The frozen model to compare with.", HelpName = "DIR" };
        var store = new Option<string?>("--reference-store") { Description = "Keep the reference's log-probabilities in this file: filled once, then read.", HelpName = "FILE" };
        var (output, force, dryRun) = (TrainOptions.Output(), TrainOptions.Force(), TrainOptions.DryRun());
        var command = new Command("pref", "Trains a model on preference pairs: on the tokens the policy wrote, and on nothing else.")
        {
            model, data, heldOut, questions, index, reference, store, output, force, dryRun, Objective(), StopOn(),
            TrainOptions.Updates(TrainOptions.Preference), TrainOptions.CheckpointUpdates(TrainOptions.Preference), TrainOptions.Seed(TrainOptions.Preference), TrainOptions.Optimizer(TrainOptions.Preference),
        };
        return command.Runs(terminal, async run =>
        {
            if ((run.Get(questions) is null) != (run.Get(index) is null))
            {
                throw new UsageException("--eval-questions and --eval-index belong together: give both or neither");
            }

            var folder = run.Get(model)!;
            var settings = run.Settings.Preference;
            var reader = new PairReader(folder, settings.Training.LongRows);
            var pairs = await reader.ReadAsync(run.Get(data)!, run.Cancelled).ConfigureAwait(false);
            Warn(run, pairs.Report);
            if (run.Get(dryRun))
            {
                return await ForecastAsync(run, reader, run.Get(data)!, pairs, settings.Training).ConfigureAwait(false);
            }

            var held = run.Get(heldOut) is { } path ? await reader.ReadAsync(path, run.Cancelled).ConfigureAwait(false) : null;
            var job = PreferenceJob.Of(folder, pairs, held, settings) with
            {
                ReferenceFolder = run.Get(reference),
                ReferenceStore = run.Get(store),
                Header = await PairFile.ReadHeaderAsync(run.Get(data)!, run.Cancelled).ConfigureAwait(false) ?? DemonstrationHeader.Find(folder),
            };
            var evaluation = run.Get(questions) is { } asked ? await CheckpointEvaluation.OpenAsync(run, run.Get(index)!, asked, run.Get(output)!, run.Get(force)).ConfigureAwait(false) : null;
            return await TrainAsync(run, job, reader, run.Get(output)!, run.Get(force), evaluation).ConfigureAwait(false);
        });
    }

    private static AliasOption Objective() => new("--objective", "preference.objective.kind", "By which loss; 'objectives list' explains them.", "KIND");

    private static AliasOption StopOn() => new("--stop-on", "preference.alarms.stopOn", "Alarms that end the run instead of warning.", "chosenFall,marginWithoutAccuracy,lengthBias,klRunaway|all");

    private static async Task<int> TrainAsync(Run run, TrainingJob job, PairReader reader, string output, bool startOver, CheckpointEvaluation? evaluation)
    {
        var objective = SettingsLeaves.Of(JsonSerializer.SerializeToNode(run.Settings.Preference.Objective, OptionsJson.Serializer)!.AsObject(), "objective").ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        objective["reference"] = job.ReferenceFolder is { } folder ? ModelDigest.Of(folder) : "the model";
        using var training = TrainingCommand.Open(run, job, reader.Tokenizer, TrainOptions.Preference, output, startOver, objective);
        if (evaluation is null)
        {
            TrainingCommand.Train(run, training);
        }
        else
        {
            var every = job.Options.CheckpointUpdates;
            await evaluation.MeasureAsync(training.Done, job.ModelFolder, training.LatestCheckpoint).ConfigureAwait(false);
            while (!training.IsFinished)
            {
                TrainingCommand.Train(run, training, ((training.Done / every) + 1) * every);
                await evaluation.MeasureAsync(training.Done, job.ModelFolder, training.LatestCheckpoint).ConfigureAwait(false);
            }
        }

        run.Report(training.Summary, console => Tables.Pairs(console, training.Summary));
        return ExitCode.Ok;
    }

    private static async Task<int> ForecastAsync(Run run, PairReader reader, string data, PairItems pairs, TrainerOptions options)
    {
        var forecast = TrainingForecast.Of(reader.Model, pairs, options);
        var pair = (await PairReader.FindAsync(data, 1, reader.Tokenizer, run.Cancelled).ConfigureAwait(false))!;
        var example = new PairMaskReport(pair, reader.Tokenizer);
        run.Report(new { Forecast = forecast, Data = pairs.Report, Example = example.Json() }, console =>
        {
            Tables.Pairs(console, forecast);
            Tables.Pairs(console, pairs.Report);
            example.Show(console);
        });
        return ExitCode.Ok;
    }

    private static void Warn(Run run, PairDataReport report)
    {
        if (report.DroppedPairs + report.TruncatedPairs > 0)
        {
            run.Note($"warning: {report.DroppedPairs:N0} pairs longer than the context were dropped, {report.TruncatedPairs:N0} cut");
        }
    }
}
