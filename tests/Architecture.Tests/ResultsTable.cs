using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Agentic.Architecture.Tests;

/// <summary>The measured figures of docs/results as Markdown: one table a file, under the command that gives it.</summary>
internal static partial class ResultsTable
{
    private const int MostColumns = 10;

    /// <summary>Files that are for comparison, not for the page.</summary>
    private static readonly string[] Unshown = ["own-corpus-types.json"];

    /// <summary>All tables, in ordinal order of file names.</summary>
    /// <remarks>A file holds name, command, environment and rows; rows with a command of their own get a column of it. A title in the file names its table.</remarks>
    public static string Of(string folder)
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Where(file => !Unshown.Contains(Path.GetFileName(file))))
        {
            AppendTable(text, JsonNode.Parse(File.ReadAllText(file))!.AsObject(), Path.GetFileName(file));
        }

        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, JsonObject result, string file)
    {
        var headline = Headline.Of(file);
        var rows = result["rows"]!.AsArray().Select(row => row!.AsObject()).Where(row => headline?.Shows(row) ?? true).ToList();
        var columns = headline?.Columns ?? [.. rows.SelectMany(row => row.Select(cell => cell.Key)).Where(key => key != "command").Distinct().Take(MostColumns)];
        var isByRow = rows.Exists(row => row.ContainsKey("command"));

        text.Append(CultureInfo.InvariantCulture, $"**{headline?.Title ?? Title(result)}** ([{file}](docs/results/{file}))");
        text.Append(isByRow ? "\n\n" : $": `{result["command"]}`\n\n");
        AppendRow(text, [.. columns.Select(column => column.Replace('_', ' ')), .. isByRow ? ["command"] : Array.Empty<string>()]);
        AppendRow(text, Enumerable.Repeat("---", columns.Count + (isByRow ? 1 : 0)));
        foreach (var row in rows)
        {
            AppendRow(text, [.. columns.Select(column => Cell(row[column])), .. isByRow ? [$"`{row["command"] ?? result["command"]}`"] : Array.Empty<string>()]);
        }

        text.Append('\n');
    }

    private static string Title(JsonObject result) => (string)(result["title"] ?? result["name"])!;

    private static string Cell(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join(" to ", list.Select(Cell)),
        JsonObject counts => string.Join(", ", counts.Select(pair => $"{Cell(pair.Value)} {pair.Key}")),
        _ => LongFraction().Replace(value.ToString(), match => double.Parse(match.Value, CultureInfo.InvariantCulture).ToString("0.####", CultureInfo.InvariantCulture)),
    };

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    /// <summary>A number with more than four decimals; nobody compares the fifth in a table.</summary>
    [GeneratedRegex(@"^-?\d+\.\d{5,}$")]
    private static partial Regex LongFraction();
}
