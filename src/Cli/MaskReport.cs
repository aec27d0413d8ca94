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

    public const string Legend = "trained: what the policy wrote. not trained: prompt, evidence, what the system wrote. ";

    /// <summary>What the colours mean.</summary>
    public const string Colours = "[black on green]trained[/] [blue]prompt[/] [grey]evidence and system[/]";

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
        console.MarkupLine(Colours);
        console.MarkupLine(Marked(console, tokens));
    }

    /// <summary>Tokens in the colours of their authors.</summary>
    public static string Marked(IAnsiConsole console, IReadOnlyList<MaskedToken> tokens) => string.Concat(Runs(tokens).Select(run =>
    {
        var text = string.Concat(run.Select(Text));
        // Without colours the brackets say what is trained.
        var marked = console.Profile.Capabilities.Ansi || !run[0].IsTrained ? text : $"⟦{text}⟧";
        return $"[{Style(run[0])}]{Markup.Escape(marked)}[/]";
    }));

    public static string Html(TokenizedRow row, IReadOnlyList<MaskedToken> tokens)
    {
        var name = WebUtility.HtmlEncode(row.Id);
        return $"{PageHead(name)}<h1>{name}</h1>\n<p>{tokens.Count} tokens, {row.TrainedTokens} trained. {Legend}</p>\n<pre>{Spans(tokens)}</pre>\n</body></html>\n";
    }

    /// <summary>A page up to its body.</summary>
    /// <param name="title">Encoded.</param>
    /// <param name="style">Rules beside those of the tokens.</param>
    public static string PageHead(string title, string style = "") => new StringBuilder()
        .Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(title).Append("</title>\n<style>\n")
        .Append("body{font:15px/1.6 ui-monospace,monospace;max-width:70rem;margin:2rem auto;padding:0 1rem;background:#fff;color:#555}\n")
        .Append("pre{white-space:pre-wrap;word-break:break-word}\n.trained{background:#c9f2c7;color:#000}\n.prompt{color:#1b4b9b}\n.tool{color:#777}\n")
        .Append("span[data-id]:hover{outline:1px solid #000}\n").Append(style).Append("</style></head><body>\n").ToString();

    /// <summary>Tokens as elements of a page.</summary>
    public static string Spans(IEnumerable<MaskedToken> tokens) => string.Concat(tokens.Select(token =>
        $"<span class=\"{AuthorName(token.Author)}{(token.IsTrained ? " trained" : "")}\" data-id=\"{token.Id}\" title=\"{token.Id}\">{WebUtility.HtmlEncode(Text(token))}</span>"));

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
