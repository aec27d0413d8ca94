using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic sft build</c>: demonstrations of the step protocol, from the gold decompositions of a world.</summary>
internal static class SftBuild
{
    public static Command Create(Terminal terminal)
    {
        var world = new Option<string>("--world") { Description = "Folder of a world made by 'world generate'.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--out") { Description = "File to write; compressed when it ends with .gz.", HelpName = "FILE", Required = true };
        var seed = Limits.Seed("Decides which demonstrations have which imperfections.");
        var direct = new Option<double?>("--direct-share") { Description = "Share of demonstrations without any imperfection (default 0.38).", HelpName = "X" };
        var repeats = Limits.Option("--per-question", "Demonstrations of each question, each with imperfections of its own.", 1);
        return new Command("build", "Writes demonstrations of the step protocol to train a policy on.") { world, output, seed, direct, repeats, IndexOptions.Mode(), IndexOptions.Retriever() }.Runs(terminal, async run =>
        {
            var defaults = new DemonstrationOptions();
            var settings = run.Settings;
            var options = defaults with { Seed = new Seed(run.Get(seed)), DirectShare = run.Get(direct) ?? defaults.DirectShare, MaxSteps = settings.Agent.MaxSteps };
            var source = await WorldFolder.ReadAsync(run.Get(world)!, run.Cancelled).ConfigureAwait(false);
            using var index = WorldIndex.Of(source, settings.Index.Chunking, await TripletSource.OpenAsync(settings.Triplets, run).ConfigureAwait(false));
            var builder = new DemonstrationBuilder(source, index.Snapshot.Evidence(settings.Evidence, settings.Retriever), options);
            var writer = await DemonstrationWriter.CreateAsync(run.Get(output)!, Header(settings, options), run.Cancelled).ConfigureAwait(false);
            var dropped = 0;
            await using (writer.ConfigureAwait(false))
            {
                foreach (var question in source.Questions)
                {
                    for (var number = 0; number < run.Get(repeats); number++)
                    {
                        if (await builder.BuildAsync(question, number, run.Cancelled).ConfigureAwait(false) is { } demonstration)
                        {
                            await writer.WriteAsync(demonstration, run.Cancelled).ConfigureAwait(false);
                        }
                        else
                        {
                            dropped++;
                        }
                    }
                }

                await writer.CommitAsync().ConfigureAwait(false);
            }

            run.Report(
                new { Path = run.Get(output), Demonstrations = writer.Rows, Dropped = dropped },
                console => console.MarkupLineInterpolated($"{run.Get(output)}: {Counted.Of(writer.Rows, "demonstration")}; {dropped} left out because the evidence does not show their facts."));
            return ExitCode.Ok;
        });
    }

    private static DemonstrationHeader Header(Settings settings, DemonstrationOptions options) => new()
    {
        Prompt = options.Prompt,
        Evidence = Section(settings.Evidence),
        Retriever = Section<RetrieverOptions>(settings.Retriever),
        Agent = Section(settings.Agent),
        Source = Section(options),
    };

    private static JsonObject Section<T>(T options) => JsonSerializer.SerializeToNode(options, OptionsJson.Serializer)!.AsObject();
}
