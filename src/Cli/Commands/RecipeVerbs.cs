using System.CommandLine;
using System.Text.Json;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic recipe list|show|run</c>: whole courses of work under one name.</summary>
internal static class RecipeVerbs
{
    /// <summary>Options of a recipe that decide how often it is saved and not what it gives.</summary>
    private static readonly string[] Incidental = ["recipe.training.checkpointUpdates", "recipe.training.keptCheckpoints"];

    public static Command List(Terminal terminal) => new Command("list", "Names the recipes.").Runs(terminal, run =>
    {
        var recipes = OptionKinds.Of(typeof(RecipeOptions)).Select(kind => new { Name = kind.Key, Makes = ((RecipeOptions)OptionsShape.Default(kind.Value)!).Describe() }).ToList();
        run.Report(recipes, console => Tables.Pairs(console, recipes.ToDictionary(recipe => recipe.Name, recipe => (object)recipe.Makes)));
        return ExitCode.Ok;
    });

    public static Command Show(Terminal terminal)
    {
        var name = Name();
        return new Command("show", "Shows every number of a recipe; --set recipe.PATH=VALUE changes one.") { name }.Runs(terminal, run =>
        {
            run.Terminal.Out.WriteLine(JsonSerializer.Serialize<RecipeOptions>(Chosen(run, name).Recipe, new JsonSerializerOptions(OptionsJson.Serializer) { WriteIndented = true }));
            return ExitCode.Ok;
        });
    }

    public static Command Run(Terminal terminal)
    {
        var name = Name();
        var output = new Option<string>("--out") { Description = "Folder of all it makes; at the end also that of the model. The same command goes on where a stopped one was.", HelpName = "DIR", Required = true };
        var seed = Limits.Seed("Root of everything drawn.");
        return new Command("run", "Does a whole course of work; can be killed at any time and goes on with the same command.") { name, output, seed }.Runs(terminal, async run =>
        {
            var settings = Chosen(run, name);
            var folder = run.Get(output)!;
            var leaves = SettingsLeaves.Of(JsonSerializer.SerializeToNode(settings.Recipe, OptionsJson.Serializer)!.AsObject(), "recipe").Where(leaf => !Incidental.Contains(leaf.Path));
            TrainingProgress? shown = null;
            var bench = new RecipeBench(
                folder,
                new Retrieval.Seed(run.Get(seed)),
                leaves.ToDictionary(leaf => leaf.Path, leaf => leaf.Value),
                new RecipeEvidence(settings),
                line =>
                {
                    shown?.End();
                    run.Note(line);
                },
                (updates, done) => shown = new TrainingProgress(run.Terminal, updates, done),
                run.Terminal.Clock);
            try
            {
                await settings.Recipe.RunAsync(bench, run.Cancelled).ConfigureAwait(false);
            }
            finally
            {
                shown?.End();
            }

            run.Report(new { Model = folder }, console => console.MarkupLineInterpolated($"The model is in {folder}. Ask it: agentic ask --policy local --model {folder} --index DIR \"...\""));
            return ExitCode.Ok;
        });
    }

    private static Argument<string> Name() => new("recipe") { Description = $"One of: {string.Join(", ", OptionKinds.Of(typeof(RecipeOptions)).Keys)}." };

    private static Settings Chosen(Run run, Argument<string> argument)
    {
        var (name, known) = (run.Get(argument)!, OptionKinds.Of(typeof(RecipeOptions)).Keys.ToList());
        return known.Contains(name)
            ? run.SettingsWith(new Assignment("recipe", "recipe.kind", name))
            : throw new UsageException($"recipe {name}: is none of {string.Join(", ", known)}{NearestName.Hint(name, known)}");
    }
}
