using System.CommandLine;
using System.Text.Json;
using Agentic.Agent;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic pairs build</c>: makes preference pairs from scored trajectories, with what became of every candidate.</summary>
internal static class PairsBuild
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string>("--in") { Description = "Scored trajectories, as 'score' writes them, or rows {question, trajectory, kind, r_fmt, r_out, r_process}; also .gz.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "File of pairs to write, JSON Lines.", HelpName = "FILE", Required = true };
        var rule = new AliasOption("--rule", "pairing.kind", "Who is compared with whom.", string.Join('|', OptionKinds.Of(typeof(PairRuleOptions)).Keys));
        return new Command("build", "Makes preference pairs from scored trajectories.") { input, output, rule }.Runs(terminal, async run =>
        {
            var options = run.Settings.Pairing;
            var path = run.Get(output)!;
            using (WholeFile.Claim("--out", path))
            {
                var description = JsonSerializer.SerializeToNode<PairRuleOptions>(options, OptionsJson.Serializer)!.AsObject();
                var report = await PairBuilding.RunAsync(run.Get(input)!, options.Build(), description, path, run.Cancelled).ConfigureAwait(false);
                run.Report(report, console => Show(console, report));
                if (report.Pairs == 0)
                {
                    run.Note("no pair came about: no question has a trajectory good enough to be chosen beside one bad enough to be rejected");
                }

                return report.Pairs > 0 ? ExitCode.Ok : ExitCode.CheckFailed;
            }
        });
    }

    private static void Show(IAnsiConsole console, PairReport report)
    {
        Tables.Pairs(console, new { report.Questions, report.QuestionsWithPairs, report.Candidates, report.Pairs });
        console.WriteLine();
        Tables.Pairs(console, report.Reasons.ToDictionary(pair => $"rejected: {pair.Key}", pair => pair.Value));
        console.WriteLine();
        Tables.Pairs(console, report.Fates.ToDictionary(pair => $"candidates: {pair.Key}", pair => pair.Value));
    }
}
