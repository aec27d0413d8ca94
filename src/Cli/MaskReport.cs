using System.Net;
using System.Text;
using Agentic.Agent;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>A row with its mask: in colour, as a page of HTML, and for programs.</summary>
internal static class MaskReport
{
    /// <summary>Shown for the token that ends a turn, which has no text.</summary>
    private const string End = "⏹";

    private const string Legend = "trained: what the policy wrote. not trained: prompt, evidence, what the system wrote. ";

    public static object Of(TokenizedRow row, IReadOnlyList<MaskedToken> tokens) => new
    {
        row.Id,
        Tokens = tokens.Count,
        row.TrainedTokens,
        Mask = tokens.Select(token => new { token.Id, token.Text, Author = AuthorName(token.Author), token.Step, Trained = token.IsTrained }),
    };

    public static void Show(IAnsiConsole console, TokenizedRow row, IReadOnlyList<MaskedToken> tokens)
    {
        console.MarkupLine($"[bold]{Markup.Escape(row.Id)}[/]: {tokens.Count:N0} tokens, {row.TrainedTokens:N0} trained");
        console.MarkupLine("[black on green]trained[/] [blue]prompt[/] [grey]evidence and system[/]");
        foreach (var run in Runs(tokens))
        {
            var text = string.Concat(run.Select(Text));
            // Without colours the brackets say what is trained.
            var marked = console.Profile.Capabilities.Ansi || !run[0].IsTrained ? text : $"⟦{text}⟧";
            console.Markup($"[{Style(run[0])}]{Markup.Escape(marked)}[/]");
        }

        console.WriteLine();
    }

    public static string Html(TokenizedRow row, IReadOnlyList<MaskedToken> tokens)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(WebUtility.HtmlEncode(row.Id)).Append("</title>\n<style>\n")
            .Append("body{font:15px/1.6 ui-monospace,monospace;max-width:70rem;margin:2rem auto;padding:0 1rem;background:#fff;color:#555}\n")
            .Append("pre{white-space:pre-wrap;word-break:break-word}\n.trained{background:#c9f2c7;color:#000}\n.prompt{color:#1b4b9b}\n.tool{color:#777}\n")
            .Append("span[data-id]:hover{outline:1px solid #000}\n</style></head><body>\n<h1>").Append(WebUtility.HtmlEncode(row.Id)).Append("</h1>\n<p>")
            .Append(tokens.Count).Append(" tokens, ").Append(row.TrainedTokens).Append(" trained. ").Append(Legend).Append("</p>\n<pre>");
        foreach (var token in tokens)
        {
            page.Append("<span class=\"").Append(AuthorName(token.Author)).Append(token.IsTrained ? " trained" : "").Append("\" data-id=\"").Append(token.Id)
                .Append("\" title=\"").Append(token.Id).Append("\">").Append(WebUtility.HtmlEncode(Text(token))).Append("</span>");
        }

        return page.Append("</pre>\n</body></html>\n").ToString();
    }

    private static string Text(MaskedToken token) => token.IsEnd ? End + "\n" : token.Text;

    private static string AuthorName(Author author) => OptionsShape.EnumName(author);

    private static string Style(MaskedToken token) => token.IsTrained ? "black on green" : token.Author == Author.Prompt ? "blue" : "grey";

    private static IEnumerable<List<MaskedToken>> Runs(IReadOnlyList<MaskedToken> tokens)
    {
        var run = new List<MaskedToken>();
        foreach (var token in tokens)
        {
            if (run.Count > 0 && (run[0].Author, run[0].IsTrained) != (token.Author, token.IsTrained))
            {
                yield return run;
                run = [];
            }

            run.Add(token);
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }
}
