using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Agentic.Architecture.Tests;

/// <summary>The measured figures of docs/results as Markdown, one table a file, every row with the command that gives it.</summary>
internal static partial class ResultsTable
{
    private const int MostColumns = 10;

    /// <summary>What of a file is shown, where not everything of interest fits a page: its columns, and the value one of them must have.</summary>
    private static readonly Dictionary<string, (string Title, string[] Columns, string? Only)> Chosen = new(StringComparer.Ordinal)
    {
        ["bm25.json"] = ("BM25 with exact lengths", ["set", "analyzer", "questions", "recall@2", "recall@5", "all_recall@5", "ndcg@10", "map"], "similarity=exact"),
        ["own-corpus.json"] = ("The project's own questions, symbolic policy", ["part", "mode", "questions", "em", "f1", "steps", "answer_recall", "tokens_per_retrieval"], null),
        ["relevance.json"] = ("Relevance of evidence to single-hop subqueries", ["set", "use", "kind", "right", "wrong", "median_right", "median_wrong", "auc", "ece"], null),
    };

    /// <summary>Files that are for comparison, not for the page.</summary>
    private static readonly string[] Unshown = ["own-corpus-types.json"];

    /// <summary>All tables, in ordinal order of file names.</summary>
    /// <remarks>A file holds name, command, environment and rows; a row may have a command of its own. A title in the file names its table.</remarks>
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
        var (title, columns, only) = Chosen.GetValueOrDefault(file, (Title(result), [], null));
        var rows = result["rows"]!.AsArray().Select(row => row!.AsObject()).Where(row => only is null || row.Any(cell => $"{cell.Key}={cell.Value}" == only)).ToList();
        if (columns.Length == 0)
        {
            columns = [.. rows.SelectMany(row => row.Select(cell => cell.Key)).Where(key => key != "command").Distinct().Take(MostColumns)];
        }

        text.Append(CultureInfo.InvariantCulture, $"**{title}** ([{file}](docs/results/{file}))\n\n");
        AppendRow(text, [.. columns.Select(column => column.Replace('_', ' ')), "command"]);
        AppendRow(text, [.. columns.Select(_ => "---"), "---"]);
        foreach (var row in rows)
        {
            var command = (string)(row["command"] ?? result["command"])!;
            AppendRow(text, [.. columns.Select(column => Cell(row[column])), $"`{command}`"]);
        }

        text.Append('\n');
    }

    private static string Title(JsonObject result) => (string)(result["title"] ?? result["name"])!;

    private static string Cell(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join(" to ", list.Select(Cell)),
        _ => LongFraction().Replace(value.ToString(), match => double.Parse(match.Value, CultureInfo.InvariantCulture).ToString("0.####", CultureInfo.InvariantCulture)),
    };

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    /// <summary>A number with more than four decimals; nobody compares the fifth in a table.</summary>
    [GeneratedRegex(@"^-?\d+\.\d{5,}$")]
    private static partial Regex LongFraction();
}
