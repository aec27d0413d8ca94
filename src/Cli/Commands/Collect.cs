using System.CommandLine;
using Agentic.Agent;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic collect</c>: attempts every question many times and keeps what comes of it; can be cut off at any time and goes on with the same command.</summary>
internal static class Collect
{
    public static Command Create(Terminal terminal)
    {
        var (index, questions) = (IndexOptions.Index(), IndexOptions.Questions());
        var output = new Option<string>("--out") { Description = "Folder of the collection; the same command goes on with it.", HelpName = "DIR", Required = true };
        var fork = new Option<bool>("--fork") { Description = "Begin a new run in the folder when the configuration has changed; attempts that cannot come out otherwise are taken over." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be collected and what it would take, and do nothing." };
        var command = new Command("collect", "Attempts every question many times and keeps the trajectories.")
        {
            index, questions, output, IndexOptions.Policy(), IndexOptions.Endpoint(), IndexOptions.Model(), IndexOptions.Mode(), IndexOptions.Retriever(),
            Alias("--samples", "samples", "Attempts a question.", "N"),
            Alias("--concurrency", "concurrency", "Attempts under way at the same time.", "N"),
            Alias("--max-tokens", "maxTokens", "Stop when the collection has used up so many tokens.", "N"),
            Alias("--max-cost", "maxCost", "Stop when the collection has cost that much, by collection.inputPrice and collection.outputPrice.", "X"),
            Alias("--max-seconds", "maxSeconds", "Stop this run after so many seconds.", "X"),
            new AliasOption("--seed", "agent.seed", "Root of every attempt's seed.", "N"),
            fork, dryRun,
        };
        command.Add(CollectStatus.Create(terminal));
        command.Add(CollectRetry.Create(terminal));
        command.Add(CollectExport.Create(terminal));
        return command.Runs(terminal, async run =>
        {
            var folder = run.Get(output)!;
            using var bench = new Workbench(run.Get(index)!, run);
            var asked = await QuestionFile.ReadAsync(run.Get(questions)!, run.Cancelled).ConfigureAwait(false);
            var options = bench.Settings.Collection;
            var agent = bench.Agent();
            var plan = new CollectionPlan(asked, options.Samples, AgentHeader.Of(bench.Settings, bench.Settings.Evidence, agent.Prompt));
            if (run.Get(dryRun))
            {
                return Forecast(run, folder, plan, bench.Settings);
            }

            using var ledger = CollectionLedger.Open(folder, new RunConfiguration(AttemptConfiguration.Of(bench, agent.PolicyId)), plan, run.Get(fork));
            var progress = new ProgressLines<CollectionProgress>(run.Terminal.Error, run.Terminal.Clock, CollectionReports.Line);
            var report = await options.Build(agent, run.Terminal.Clock).RunAsync(ledger, progress, run.Cancelled).ConfigureAwait(false);
            run.Report(CollectionReports.Of(report), console => Tables.Pairs(console, CollectionReports.Of(report)));
            return CollectionReports.Outcome(run, folder, report);
        });
    }

    private static AliasOption Alias(string name, string leaf, string description, string helpName) => new(name, $"collection.{leaf}", description, helpName);

    private static int Forecast(Run run, string folder, CollectionPlan plan, Settings settings)
    {
        var forecast = CollectionForecast.Of(folder, plan, settings.Collection, settings.Agent);
        run.Report(forecast, console => Tables.Pairs(console, forecast));
        return ExitCode.Ok;
    }
}
