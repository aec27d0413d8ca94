using System.CommandLine;
using Agentic.Agent;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic ask</c>: answers a question step by step and shows the evidence of each step.</summary>
internal static class Ask
{
    public static Command Create(Terminal terminal)
    {
        var index = IndexOptions.Index();
        var question = new Argument<string>("question") { Description = "The question, in quotes." };
        var command = new Command("ask", "Answers a question step by step, with the evidence of each step.")
        {
            index, question, IndexOptions.Policy(), IndexOptions.Endpoint(), IndexOptions.Model(), IndexOptions.Mode(), IndexOptions.Retriever(),
        };
        return command.Runs(terminal, async run =>
        {
            var text = Limits.Text("question", run.Get(question));
            using var bench = new Workbench(run.Get(index)!, run);
            var trajectory = await bench.Agent().AskAsync(text, run.Cancelled).ConfigureAwait(false);
            run.Report(TrajectoryReport.Of(trajectory), console => TrajectoryReport.Show(console, trajectory));
            if (trajectory.Problem is { } problem)
            {
                run.Note(trajectory.Answer is null ? $"no answer: {problem}" : problem);
            }

            return trajectory.Answer is null ? ExitCode.CheckFailed : ExitCode.Ok;
        });
    }
}
