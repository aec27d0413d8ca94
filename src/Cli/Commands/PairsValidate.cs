using System.CommandLine;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic pairs validate</c>: all that is wrong with a file of pairs, by row and field.</summary>
internal static class PairsValidate
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Preference pairs; also .gz." };
        var model = new Option<string?>("--model") { Description = "The model they are to train: ids, trained tokens and lengths are checked too.", HelpName = "DIR" };
        var most = Limits.Option("--limit", "Most problems that are listed; all are counted.", 100);
        return new Command("validate", "Tells every problem of a file of pairs, by row and field; exit code 1 when there are any.") { file, model, most }.Runs(terminal, async run =>
        {
            var reader = run.Get(model) is { } folder ? new PairReader(folder, run.Settings.Training.LongRows) : null;
            var report = await PairCheck.RunAsync(run.Get(file)!, reader, run.Get(most), run.Cancelled).ConfigureAwait(false);
            run.Report(
                new { File = run.Get(file), report.Counts.Rows, report.Counts.Pairs, report.Problems, report.Listed, report.Counts, report.Tokens },
                console => Show(console, report));
            return report.Problems == 0 ? ExitCode.Ok : ExitCode.CheckFailed;
        });
    }

    private static void Show(IAnsiConsole console, PairCheckReport report)
    {
        Tables.Pairs(console, report.Counts);
        if (report.Tokens is { } tokens)
        {
            Tables.Pairs(console, tokens);
        }

        foreach (var problem in report.Listed)
        {
            console.WriteLine($"line {problem.Line}, {problem.Sentence}");
        }

        console.WriteLine(report.Problems == 0 ? "no problems" : report.Problems > report.Listed.Count ? $"{report.Problems:N0} rows with problems, the first {report.Listed.Count:N0} listed" : $"{report.Problems:N0} rows with problems");
    }
}
