using System.CommandLine;
using Agentic.Agent;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic trace show</c>: the attempts of a trajectory file, step by step.</summary>
internal static class TraceShow
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A file of trajectories, as 'eval qa --out' writes it." };
        var question = new Option<string?>("--question") { Description = "Only the attempts at this question.", HelpName = "ID" };
        return new Command("show", "The attempts of a trajectory file, step by step.") { file, question }.Runs(terminal, run =>
        {
            var id = run.Get(question);
            var shown = TrajectoryFile.Read(run.Get(file)!, warning => run.Note($"warning: {warning}"))
                .Where(trajectory => id is null || trajectory.QuestionId == id)
                .ToList();
            if (shown.Count == 0)
            {
                throw new UsageException(id is null ? $"{run.Get(file)}: holds no attempts yet" : $"--question {id}: {run.Get(file)} holds no attempt at it");
            }

            run.Report(new { Attempts = shown.Select(TrajectoryReport.Of) }, console =>
            {
                foreach (var trajectory in shown)
                {
                    TrajectoryReport.Show(console, trajectory);
                    console.WriteLine();
                }
            });
            return ExitCode.Ok;
        });
    }
}
