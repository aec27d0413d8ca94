using System.Net;
using System.Text;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>A pair with its masks, both sides beside each other: in colour, as a page of HTML, and for programs.</summary>
internal sealed class PairMaskReport(TokenizedPair pair, ModelTokenizer tokenizer)
{
    /// <summary>Stands before the first token in which the sides differ.</summary>
    private const string Part = "▶";

    private readonly IReadOnlyList<MaskedToken> _chosen = MaskView.Of(pair.Chosen, tokenizer);
    private readonly IReadOnlyList<MaskedToken> _rejected = MaskView.Of(pair.Rejected, tokenizer);
    private readonly int _partsAt = pair.PartsAt!.Value;

    private string Facts => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"prompt of {pair.PromptTokens:N0} tokens, never trained; chosen {_chosen.Count:N0} tokens, {pair.Chosen.TrainedTokens:N0} trained; rejected {_rejected.Count:N0}, {pair.Rejected.TrainedTokens:N0} trained; the sides part at {Part}, token {_partsAt + 1:N0} of both rows");

    public object Json() => new
    {
        pair.Id,
        pair.PromptTokens,
        PartsAt = _partsAt,
        Chosen = MaskReport.Of(pair.Chosen, _chosen),
        Rejected = MaskReport.Of(pair.Rejected, _rejected),
    };

    public void Show(IAnsiConsole console)
    {
        console.MarkupLine($"[bold]{Markup.Escape(pair.Id)}[/]: {Markup.Escape(Facts)}");
        console.MarkupLine(MaskReport.Colours);
        console.MarkupLine(MaskReport.Marked(console, [.. _chosen.Take(pair.PromptTokens)]));
        var table = new Table().Border(TableBorder.Simple).AddColumns("chosen", "rejected");
        table.AddRow(new Markup(Side(console, _chosen)), new Markup(Side(console, _rejected)));
        console.Write(table);
    }

    public string Html()
    {
        var name = WebUtility.HtmlEncode(pair.Id);
        return new StringBuilder(MaskReport.PageHead(name, "td{vertical-align:top;width:50%;padding:0 1rem}\nmark{background:#d33;color:#fff}\n"))
            .Append("<h1>").Append(name).Append("</h1>\n<p>").Append(WebUtility.HtmlEncode(Facts)).Append(". ").Append(MaskReport.Legend)
            .Append("</p>\n<pre>").Append(MaskReport.Spans(_chosen.Take(pair.PromptTokens)))
            .Append("</pre>\n<table><tr><th>chosen</th><th>rejected</th></tr>\n<tr><td><pre>").Append(HtmlSide(_chosen))
            .Append("</pre></td><td><pre>").Append(HtmlSide(_rejected)).Append("</pre></td></tr></table>\n</body></html>\n").ToString();
    }

    private string Side(IAnsiConsole console, IReadOnlyList<MaskedToken> tokens) =>
        $"{MaskReport.Marked(console, Shared(tokens))}[bold red]{Part}[/]{MaskReport.Marked(console, Own(tokens))}";

    private string HtmlSide(IReadOnlyList<MaskedToken> tokens) => $"{MaskReport.Spans(Shared(tokens))}<mark>{Part}</mark>{MaskReport.Spans(Own(tokens))}";

    /// <summary>What both sides say before they part.</summary>
    private MaskedToken[] Shared(IReadOnlyList<MaskedToken> tokens) => [.. tokens.Take(_partsAt).Skip(pair.PromptTokens)];

    private MaskedToken[] Own(IReadOnlyList<MaskedToken> tokens) => [.. tokens.Skip(_partsAt)];
}
