using System.CommandLine;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic pairs show-mask</c>: which tokens of a pair the loss touches, and where its sides part.</summary>
internal static class PairsShowMask
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Preference pairs; also .gz." };
        var model = TrainOptions.Model("The model, or only its tokenizer.");
        var row = new Option<int>("--row") { Description = "Which row, from 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var html = new Option<string?>("--html") { Description = "Write a page of HTML instead.", HelpName = "OUT" };
        return new Command("show-mask", "Which tokens of a pair the loss touches, both sides beside each other, and where they part.") { file, model, row, html }.Runs(terminal, async run =>
        {
            var tokenizer = ModelTokenizer.Load(run.Get(model)!);
            var (path, number) = (run.Get(file)!, run.Get(row));
            var pair = await PairReader.FindAsync(path, number, tokenizer, run.Cancelled).ConfigureAwait(false)
                ?? throw new UsageException($"--row {number}: {path} has no such row; rows are counted from 1");
            var report = new PairMaskReport(pair, tokenizer);
            if (run.Get(html) is { } page)
            {
                using var place = WholeFile.Claim("--html", page);
                await File.WriteAllTextAsync(place.TemporaryPath, report.Html(), run.Cancelled).ConfigureAwait(false);
                place.Commit();
                run.Report(new { Html = page }, console => console.MarkupLine($"wrote [bold]{Markup.Escape(page)}[/]"));
                return ExitCode.Ok;
            }

            run.Report(report.Json(), report.Show);
            return ExitCode.Ok;
        });
    }
}
