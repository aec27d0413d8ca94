using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary><c>agentic sft build</c>: demonstrations of the step protocol, from the gold decompositions of a world or from a policy that answers questions.</summary>
internal static class SftBuild
{
    public static Command Create(Terminal terminal)
    {
        var world = new Option<string?>("--world") { Description = "Folder of a world made by 'world generate'; its gold decompositions are demonstrated.", HelpName = "DIR" };
        var index = new Option<string?>("--index") { Description = "Index that gives the evidence; with --world alone one is built in memory.", HelpName = "DIR" };
        var questions = new Option<string?>("--questions") { Description = "Questions that a policy answers instead; right attempts become demonstrations.", HelpName = "FILE" };
        var policy = IndexOptions.Policy();
        var output = new Option<string>("--out") { Description = "File to write; compressed when it ends with .gz.", HelpName = "FILE", Required = true };
        var seed = Limits.Seed("Decides which demonstrations have which imperfections.");
        var direct = new Option<double?>("--direct-share") { Description = "Share of demonstrations without any imperfection (default 0.38).", HelpName = "X" };
        var prompt = new Option<PromptStyle>("--prompt") { Description = "What stands before the first step.", HelpName = "question|instructed", DefaultValueFactory = _ => PromptStyle.Question };
        var repeats = Limits.Option("--per-question", "Demonstrations of each question, each with imperfections of its own.", 1);
        var command = new Command("build", "Writes demonstrations of the step protocol to train a policy on.")
        {
            world, index, questions, policy, IndexOptions.Endpoint(), IndexOptions.Model(), output, seed, direct, prompt, repeats, IndexOptions.Mode(), IndexOptions.Retriever(), IndexOptions.Triplets(),
        };
        return command.Runs(terminal, async run =>
        {
            var path = run.Get(output)!;
            if (PathObstacle.ForFile(path) is { } obstacle)
            {
                throw new UsageException($"--out {path}: {obstacle}");
            }

            var defaults = new DemonstrationOptions();
            var options = OptionsGuard.Checked(defaults with
            {
                Seed = new Seed(run.Get(seed)),
                DirectShare = run.Get(direct) ?? defaults.DirectShare,
                MaxSteps = run.Settings.Agent.MaxSteps,
                Prompt = run.Get(prompt),
            });
            using var source = run.Get(world) is { } folder && run.Get(questions) is null && run.Get(policy) is null
                ? await SftSource.OfWorldAsync(run, folder, run.Get(index), options).ConfigureAwait(false)
                : await TeacherAsync(run, run.Get(world), run.Get(index), run.Get(questions), options.Prompt).ConfigureAwait(false);
            var tally = await WriteAsync(run, source, path, AgentHeader.Of(run.Settings, run.Settings.Evidence, options.Prompt) with { Source = source.Origin }, run.Get(repeats)).ConfigureAwait(false);
            run.Report(Summary(path, tally), console => Tables.Pairs(console, Summary(path, tally)));
            if (tally.Rows == 0)
            {
                run.Note("no demonstration came about: the evidence does not show the facts, or the teacher was never right");
            }

            return tally.Rows > 0 ? ExitCode.Ok : ExitCode.CheckFailed;
        });
    }

    private static async Task<SftSource> TeacherAsync(Run run, string? world, string? index, string? questions, PromptStyle prompt)
    {
        var file = questions ?? (world is null ? null : WorldFolder.Questions(world));
        if (file is null || index is null)
        {
            throw new UsageException("name --world DIR, for its gold decompositions, or --index DIR with --questions FILE, for a policy that answers them (--policy symbolic|chat)");
        }

        return SftSource.OfTeacher(run, index, await QuestionFile.ReadAsync(file, run.Cancelled).ConfigureAwait(false), prompt);
    }

    private static async Task<DemonstrationTally> WriteAsync(Run run, SftSource source, string path, DemonstrationHeader header, int perQuestion)
    {
        var tally = new DemonstrationTally();
        var writer = await DemonstrationWriter.CreateAsync(path, header, run.Cancelled).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await foreach (var demonstration in source.MakeAsync(perQuestion, run.Cancelled).ConfigureAwait(false))
            {
                tally.Add(demonstration);
                if (demonstration is not null)
                {
                    await writer.WriteAsync(demonstration, run.Cancelled).ConfigureAwait(false);
                }
            }

            await writer.CommitAsync().ConfigureAwait(false);
        }

        return tally;
    }

    private static object Summary(string path, DemonstrationTally tally) => new
    {
        Path = path,
        Demonstrations = tally.Rows,
        tally.Dropped,
        tally.Direct,
        tally.Steps,
        tally.PolicyTokens,
        tally.EvidenceTokens,
        tally.ByType,
        tally.ByHops,
    };
}
