using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic objectives list</c>: every training objective with its formula, its defaults, where it comes from and what it needs.</summary>
internal static class ObjectivesList
{
    private const string Notation =
        "s is the sigmoid; w the chosen and l the rejected side; seq the sum of a side's log-probabilities, n its tokens, avg = seq / n; d is seq less the reference's; D = d_w - d_l.";

    public static Command Create(Terminal terminal) =>
        new Command("list", "Every training objective: formula, defaults, source, needs.").Runs(terminal, run =>
        {
            var objectives = OptionKinds.Of(typeof(ObjectiveOptions)).Select(kind => Describe(kind.Key, kind.Value)).ToList();
            run.Report(new { Objectives = objectives, Notation }, console => Show(console, objectives));
            return ExitCode.Ok;
        });

    private sealed record Description(string Name, string Formula, JsonObject Defaults, string Source, IReadOnlyList<string> Needs);

    private static Description Describe(string kind, Type type)
    {
        var options = (ObjectiveOptions)Activator.CreateInstance(type)!;
        var about = type.GetCustomAttribute<ObjectiveAttribute>();
        var needs = options.Build().Needs;
        return new Description(
            kind, about?.Formula ?? "", JsonSerializer.SerializeToNode(options, type, OptionsJson.Serializer)!.AsObject(), about?.Source ?? "",
            [.. Enum.GetValues<Needs>().Where(need => need != Needs.None && needs.HasFlag(need)).Select(need => OptionsShape.EnumName(need))]);
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<Description> objectives)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("name", "formula", "defaults", "source", "needs");
        foreach (var one in objectives)
        {
            table.AddRow(
                Markup.Escape(one.Name), Markup.Escape(one.Formula), Markup.Escape(string.Join(", ", one.Defaults.Select(option => $"{option.Key} {Short(option.Value)}"))),
                Markup.Escape(one.Source), Markup.Escape(string.Join(", ", one.Needs)));
        }

        console.Write(table);
        console.WriteLine(Notation);
    }

    private static string Short(JsonNode? value) => value is JsonArray parts
        ? string.Join(" + ", parts.Select(part => $"{part!["weight"]} {part["objective"]![OptionsJson.KindKey]}"))
        : value?.ToString() ?? "none";
}
