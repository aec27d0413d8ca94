using System.CommandLine;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic sft show-mask</c>: which tokens of a row the loss touches.</summary>
internal static class SftShowMask
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Demonstrations, as 'sft build' writes them." };
        var model = TrainOptions.Model("The model, or only its tokenizer.");
        var row = new Option<int>("--row") { Description = "Which row, from 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var html = new Option<string?>("--html") { Description = "Write a page of HTML instead.", HelpName = "OUT" };
        return new Command("show-mask", "Which tokens of a row the loss touches.") { file, model, row, html }.Runs(terminal, async run =>
        {
            var tokenizer = ModelTokenizer.Load(run.Get(model)!);
            var (path, number) = (run.Get(file)!, run.Get(row));
            var tokenized = await SftReader.FindAsync(path, number, tokenizer, run.Cancelled).ConfigureAwait(false)
                ?? throw new UsageException($"--row {number}: {path} has no such row; rows are counted from 1");
            var tokens = MaskView.Of(tokenized, tokenizer);
            if (run.Get(html) is { } page)
            {
                using var place = WholeFile.Claim("--html", page);
                await File.WriteAllTextAsync(place.TemporaryPath, MaskReport.Html(tokenized, tokens), run.Cancelled).ConfigureAwait(false);
                place.Commit();
                run.Report(new { Html = page }, console => console.MarkupLine($"wrote [bold]{Markup.Escape(page)}[/]"));
                return ExitCode.Ok;
            }

            run.Report(MaskReport.Of(tokenized, tokens), console => MaskReport.Show(console, tokenized, tokens));
            return ExitCode.Ok;
        });
    }
}
