using System.CommandLine;
using Agentic.Agent;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic quickstart</c>: the main job on the bundled corpus, from documents to an evaluation, and what to type next.</summary>
internal static class Quickstart
{
    private const string DefaultFolder = "agentic-quickstart";

    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--out") { Description = "Folder of the index it builds.", HelpName = "DIR", DefaultValueFactory = _ => DefaultFolder };
        return new Command("quickstart", "Indexes the bundled corpus, answers a few questions, measures, and says what to type next.") { output }.Runs(terminal, async run =>
        {
            var folder = run.Get(output)!;
            var index = Path.Combine(folder, "index");
            var story = new QuickstartStory(run);
            var triplets = await TripletSource.OpenAsync(run.Settings.Triplets, run).ConfigureAwait(false);
            var built = await new IndexBuilder(run.Settings.Index, triplets).BuildAsync(QuickstartCorpus.Documents, index, null, run.Cancelled).ConfigureAwait(false);
            story.Open(index);
            using var bench = new Workbench(index, run);
            story.Built(built, bench.Snapshot.Graph);
            var agent = bench.Agent();
            var answered = new List<Trajectory>();
            foreach (var question in await QuickstartCorpus.ShownAsync(run.Cancelled).ConfigureAwait(false))
            {
                var trajectory = await agent.RunAsync(QaEvaluation.KeyOf(question), question.Text, null, run.Cancelled).ConfigureAwait(false);
                answered.Add(trajectory);
                story.Answered(question, trajectory);
            }

            var measured = await QuickstartMeasures.RunAsync(bench, run).ConfigureAwait(false);
            story.Measured(measured);
            story.Next(index);
            if (run.IsJson)
            {
                run.Report(new { Index = index, built.Documents, Answers = answered.Select(TrajectoryReport.Of), measured.Retrieval, measured.Answering }, _ => { });
            }

            return ExitCode.Ok;
        });
    }
}
