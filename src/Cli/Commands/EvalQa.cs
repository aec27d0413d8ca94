using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic eval qa</c>: attempts every question of a set and scores the answers; with <c>--out</c> it can be cut off and goes on.</summary>
internal static class EvalQa
{
    public static Command Create(Terminal terminal)
    {
        var (index, questions) = (IndexOptions.Index(), IndexOptions.Questions());
        var output = new Option<string?>("--out") { Description = "Keep the trajectories in this file; the same command goes on with it.", HelpName = "T.jsonl" };
        var force = new Option<bool>("--force") { Description = "Start the file of --out over." };
        var shuffled = new Option<bool>("--shuffled") { Description = "Control: evidence with its titles but the words of far-away chunks." };
        var command = new Command("qa", "Attempts every question of a set and scores the answers.")
        {
            index, questions, IndexOptions.Policy(), IndexOptions.Endpoint(), IndexOptions.Model(), IndexOptions.Mode(), IndexOptions.Retriever(), output, force, shuffled,
        };
        return command.Runs(terminal, async run =>
        {
            using var bench = new Workbench(run.Get(index)!, run);
            var asked = await QuestionFile.ReadAsync(run.Get(questions)!, run.Cancelled).ConfigureAwait(false);
            var isShuffled = run.Get(shuffled);
            var agent = bench.Agent(isShuffled ? evidence => new ShuffledEvidence(evidence, bench.Index.Chunks) : null);
            using var log = run.Get(output) is { } path ? Open(path, run, bench, asked, agent.PolicyId, isShuffled, run.Get(force)) : null;
            var progress = new ProgressLines<QaProgress>(run.Terminal.Error, run.Terminal.Clock, at => $"{at.Done:N0} of {at.Total:N0} questions");
            var result = await bench.Settings.Evaluation.Build(agent).RunAsync(asked, log, progress, run.Cancelled).ConfigureAwait(false);
            run.Report(result.Report, console => Show(console, result.Report));
            return Outcome(run, result, asked.Count);
        });
    }

    private static TrajectoryLog Open(string path, Run run, Workbench bench, IReadOnlyList<Question> asked, string policyId, bool isShuffled, bool startOver)
    {
        if (startOver)
        {
            TrajectoryLog.Remove(path);
        }

        var values = AttemptConfiguration.Of(bench, policyId);
        values["questions"] = Hash(asked);
        values["shuffled"] = isShuffled ? "true" : "false";
        var configuration = new RunConfiguration(values);
        return TrajectoryLog.Open(path, configuration, [.. asked.Select(QaEvaluation.KeyOf)], warning => run.Note($"warning: {warning}"), run.Terminal.Clock);
    }

    private static int Outcome(Run run, QaRun result, int asked)
    {
        if (result.Interruption is { } reason)
        {
            run.Note($"stopped after {result.Outcomes.Count:N0} of {asked:N0} questions: {reason}; the same command goes on from there when it has --out");
            return ExitCode.Partial;
        }

        return ExitCode.Ok;
    }

    private static void Show(IAnsiConsole console, QaReport report)
    {
        Tables.Pairs(console, JsonSerializer.SerializeToNode(report, Run.ReportJson)!.AsObject()
            .Where(pair => pair.Value is JsonValue)
            .ToDictionary(pair => pair.Key, pair => (object)pair.Value!));
        var table = new Table().Border(TableBorder.Simple).AddColumns("group", "questions", "em", "f1", "steps");
        foreach (var (name, group) in report.ByType.Concat(report.ByHops.Select(pair => KeyValuePair.Create($"{pair.Key} hops", pair.Value))))
        {
            table.AddRow(Markup.Escape(name), $"{group.Questions:N0}", $"{group.Em:0.000}", $"{group.F1:0.000}", $"{group.Steps:0.00}");
        }

        if (table.Rows.Count > 0)
        {
            console.Write(table);
        }
    }

    private static string Hash(IReadOnlyList<Question> asked) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(asked.Select(question => new { question.Id, question.Text }))));
}
