using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>Tables for people.</summary>
internal static class Tables
{
    /// <summary>The members of a record or the entries of a dictionary, one a line, named as <c>--json</c> names them.</summary>
    public static void Pairs(IAnsiConsole console, object result)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("name", "value");
        foreach (var (name, value) in JsonSerializer.SerializeToNode(result, Run.ReportJson)!.AsObject())
        {
            table.AddRow(Markup.Escape(name), Markup.Escape(value is null ? "" : Number(value)));
        }

        console.Write(table);
    }

    private static string Number(System.Text.Json.Nodes.JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number when value.ToString().Contains('.') || value.ToString().Contains('E') => value.GetValue<double>().ToString("0.####", CultureInfo.InvariantCulture),
        JsonValueKind.Number => value.GetValue<JsonElement>().GetInt64().ToString("N0", CultureInfo.InvariantCulture),
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Array => string.Join("; ", value.AsArray().Select(item => item is System.Text.Json.Nodes.JsonObject record ? string.Join(' ', record.Select(member => member.Value?.ToString())) : item?.ToString())),
        _ => value.ToJsonString(),
    };
}
