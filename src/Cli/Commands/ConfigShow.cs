using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic config show</c>: every value in force and where it was set. With <c>--json</c> it prints a configuration file.</summary>
internal static class ConfigShow
{
    public static Command Create(Terminal terminal) =>
        new Command("show", "Every value in force and where it was set; with --json a complete configuration file.").Runs(terminal, run =>
        {
            var effective = JsonSerializer.SerializeToNode(run.Settings, OptionsJson.Serializer)!.AsObject();
            run.Report(effective, console => console.Write(Table(effective, run.SettingsTree)));
            return ExitCode.Ok;
        });

    private static Table Table(JsonObject effective, SettingsTree tree)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("path", "value", "set by");
        foreach (var (path, value) in SettingsLeaves.Of(effective, ""))
        {
            table.AddRow(Markup.Escape(path), Markup.Escape(value), Markup.Escape(tree.SourceOf(path) ?? "default"));
        }

        return table;
    }
}
