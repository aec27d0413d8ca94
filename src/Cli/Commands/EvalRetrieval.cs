using System.CommandLine;
using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary><c>agentic eval retrieval</c>: measures a retriever on judged questions.</summary>
internal static class EvalRetrieval
{
    public static Command Create(Terminal terminal)
    {
        var (index, questions) = (IndexOptions.Index(), IndexOptions.Questions());
        var cutoffs = new Option<string>("--k") { Description = "Cut-offs of recall and all_recall.", HelpName = "K,...", DefaultValueFactory = _ => "2,5" };
        var output = new Option<string?>("--run") { Description = "Also write the rankings in TREC's form.", HelpName = "OUT.trec" };
        var command = new Command("retrieval", "Measures a retriever on questions whose documents are known.")
        {
            index, questions, IndexOptions.Retriever(), cutoffs, IndexOptions.Analyzer(), IndexOptions.K1(), IndexOptions.B(), output,
        };
        return command.Runs(terminal, async run =>
        {
            var ks = Cutoffs(run.Get(cutoffs)!);
            using var rankings = run.Get(output) is { } path ? WholeFile.Claim("--run", path) : null;
            using var bench = new Workbench(run.Get(index)!, run);
            var asked = await QuestionFile.ReadAsync(run.Get(questions)!, run.Cancelled).ConfigureAwait(false);
            var report = await RetrievalEvaluation.RunAsync(bench.Retriever(), asked, ks, run.Terminal.Clock, run.Cancelled).ConfigureAwait(false);
            if (rankings is not null)
            {
                var rows = report.Results.Select(result => KeyValuePair.Create(result.QuestionId, result.Ranking));
                await TrecRun.WriteAsync(rankings.TemporaryPath, rows, "agentic", run.Cancelled).ConfigureAwait(false);
                rankings.Commit();
            }

            var table = Table(report);
            run.Report(table, console => Tables.Pairs(console, table));
            return ExitCode.Ok;
        });
    }

    private static Dictionary<string, object> Table(RetrievalReport report)
    {
        var table = new Dictionary<string, object> { ["questions"] = report.Results.Count };
        foreach (var measure in report.Measures)
        {
            table.Add(measure, report[measure]);
        }

        table.Add("seconds", report.Seconds);
        return table;
    }

    private static List<int> Cutoffs(string typed) => [.. typed.Split(',').Select(part =>
        int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k is >= 1 and <= RetrievalEvaluation.Depth
            ? k
            : throw new UsageException($"--k {typed}: '{part}' must be a whole number from 1 to {RetrievalEvaluation.Depth}, like --k 2,5"))];
}
