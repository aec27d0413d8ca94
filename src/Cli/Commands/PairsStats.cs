using System.CommandLine;
using Agentic.Agent;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic pairs stats</c>: what a file of pairs holds, and whether its sides can be told apart without the prompt.</summary>
internal static class PairsStats
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "File of pairs, as 'pairs build' writes it; also .gz." };
        return new Command("stats", "Counts and measures preference pairs: reasons, lengths, overlap, and whether the sides can be told apart without the prompt.") { file }.Runs(terminal, async run =>
        {
            var statistics = await PairStatistics.OfAsync(run.Get(file)!, run.Cancelled).ConfigureAwait(false);
            run.Report(statistics, console => Show(console, statistics));
            return ExitCode.Ok;
        });
    }

    private static void Show(IAnsiConsole console, PairStatistics statistics)
    {
        Tables.Pairs(console, new { statistics.Pairs, statistics.Questions, statistics.Longer, statistics.Overlap, statistics.SharedPrefix, statistics.Separability });
        console.WriteLine();
        var sides = new Table().Border(TableBorder.Simple).AddColumns("side", "steps", "policy tokens", "evidence tokens");
        foreach (var (name, side) in new[] { ("chosen", statistics.Chosen), ("rejected", statistics.Rejected) })
        {
            sides.AddRow(name, $"{side.Steps:0.00}", $"{side.PolicyTokens:0.0}", $"{side.EvidenceTokens:0.0}");
        }

        console.Write(sides);
        var hops = new Table().Border(TableBorder.Simple).AddColumns("hops", "pairs", "steps chosen", "steps rejected");
        foreach (var (name, group) in statistics.ByHops)
        {
            hops.AddRow(Markup.Escape(name), $"{group.Pairs:N0}", $"{group.ChosenSteps:0.00}", $"{group.RejectedSteps:0.00}");
        }

        console.Write(hops);
        Tables.Pairs(console, statistics.Reasons.ToDictionary(pair => $"rejected: {pair.Key}", pair => pair.Value));
        if (statistics.Building?["fates"] is System.Text.Json.Nodes.JsonObject fates)
        {
            console.WriteLine();
            Tables.Pairs(console, fates.ToDictionary(pair => $"candidates: {pair.Key}", pair => (int)pair.Value!));
        }
    }
}
