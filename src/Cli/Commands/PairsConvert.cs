using System.CommandLine;
using Agentic.Agent;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic pairs convert</c>: pairs from one form into another.</summary>
internal static class PairsConvert
{
    public static Command Create(Terminal terminal)
    {
        var from = Choice.Of("--from", "The form of the file: own, or trl for TRL's texts or messages.", PairForm.Own);
        var to = Choice.Of("--to", "The form to write; trl gives messages, one for each segment.", PairForm.Trl);
        var input = new Option<string>("--in") { Description = "Preference pairs; also .gz.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "File to write, JSON Lines; compressed when it ends with .gz.", HelpName = "FILE", Required = true };
        return new Command("convert", "Turns pairs from one form into another; rows that do not map are refused by number, and then nothing is written.") { from, to, input, output }.Runs(terminal, async run =>
        {
            var path = run.Get(output)!;
            if (PathObstacle.ForFile(path) is { } obstacle)
            {
                throw new UsageException($"--out {path}: {obstacle}");
            }

            var report = await PairConversion.RunAsync(run.Get(input)!, run.Get(from), path, run.Get(to), run.Cancelled).ConfigureAwait(false);
            if (report.SegmentsWithoutIds > 0 || report.IsHeaderLost)
            {
                run.Note($"note: TRL's form cannot hold token ids ({report.SegmentsWithoutIds:N0} segments had them){(report.IsHeaderLost ? " nor how the pairs came about" : "")}");
            }

            run.Report(new { Path = path, report.Pairs, report.SegmentsWithoutIds, report.IsHeaderLost }, console => console.WriteLine($"{report.Pairs:N0} pairs in {path}"));
            return ExitCode.Ok;
        });
    }
}
