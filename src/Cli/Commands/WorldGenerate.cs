using System.CommandLine;
using Agentic.Agent;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic world generate</c>: a fictional world with questions, as files.</summary>
internal static class WorldGenerate
{
    public static Command Create(Terminal terminal)
    {
        var seed = Limits.Seed("The same seed gives the same world.");
        var split = new Option<string>("--split") { Description = "Whose names and phrasings it uses; worlds of different splits share no name.", HelpName = "train|development|test", DefaultValueFactory = _ => "train" };
        var heldOut = new Option<string?>("--held-out") { Description = "Also ask in ways that training never sees; each way gets an equal share of the questions.", HelpName = "template,composition" };
        var mix = new Option<string>("--mix") { Description = "How often each kind is asked: mostly chains of facts, or comparisons, joins and questions without an answer as often.", HelpName = "chains|even", DefaultValueFactory = _ => "chains" };
        var (documents, questions) = (Limits.Option("--documents", "Exact number of documents.", 60), Limits.Option("--questions", "Exact number of questions.", 200));
        var output = new Option<string>("--out") { Description = "Folder of the world.", HelpName = "DIR", Required = true };
        return new Command("generate", "Makes a fictional world: documents, the facts they state, and questions with gold decompositions.") { seed, split, heldOut, mix, documents, questions, output }.Runs(terminal, async run =>
        {
            var options = new WorldOptions
            {
                Split = One<WorldSplit>("--split", run.Get(split)!),
                HeldOut = (run.Get(heldOut) ?? "none").Split(',').Select(part => One<HeldOut>("--held-out", part)).Aggregate((all, next) => all | next),
                Mix = One<QuestionMix>("--mix", run.Get(mix)!),
                Documents = run.Get(documents),
                Questions = run.Get(questions),
            };
            var world = new WorldGenerator(options).Generate(new Seed(run.Get(seed)));
            var folder = run.Get(output)!;
            await WorldFolder.WriteAsync(world, folder, run.Cancelled).ConfigureAwait(false);
            run.Report(
                new { Path = folder, Documents = world.Documents.Count, Triplets = world.Triplets.Count, Questions = world.Questions.Count },
                console => console.MarkupLineInterpolated($"{folder}: {Counted.Of(world.Documents.Count, "document")}, {Counted.Of(world.Triplets.Count, "triplet")}, {Counted.Of(world.Questions.Count, "question")}."));
            return ExitCode.Ok;
        });
    }

    private static T One<T>(string option, string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<T>(known)
            : throw new UsageException($"{option} {text}: is none of {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}{NearestName.Hint(text, [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())])}");
}
