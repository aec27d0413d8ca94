using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Agentic.Training;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic objectives check</c>: losses and gradients of the objectives on given inputs, beside the values a file expects.</summary>
internal static class ObjectivesCheck
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("CASES") { Description = "JSON with fixtures and cases; also .gz." };
        var tolerance = new Option<double>("--tolerance") { Description = "Largest error of a value: absolute, relative above 1.", HelpName = "X", DefaultValueFactory = _ => 1e-8 };
        return new Command("check", "Computes losses and gradients on given inputs and compares them with expected values.") { file, tolerance }.Runs(terminal, async run =>
        {
            var limit = run.Get(tolerance);
            if (!(limit >= 0) || !double.IsFinite(limit))
            {
                throw new UsageException($"--tolerance {limit}: must be a number from 0, like 1e-8");
            }

            var cases = await ObjectiveCaseFile.ReadAsync(run.Get(file)!, run.Cancelled).ConfigureAwait(false);
            var rows = ObjectiveCaseReader.Read(cases.Cases).Select(known => Row.Of(cases, known, limit)).ToList();
            run.Report(Json(rows, limit), console => Show(console, rows, limit));
            return rows.Any(row => row.IsFailed) ? ExitCode.CheckFailed : ExitCode.Ok;
        });
    }

    /// <summary>A case and what became of it; without values when its kind is not known.</summary>
    private sealed record Row(ObjectiveCase Case, ObjectiveCaseValues? Values, ObjectiveCaseErrors? Errors, bool IsFailed)
    {
        public static Row Of(ObjectiveCaseFile file, ObjectiveCaseReader.Known known, double tolerance)
        {
            if (known.Objective is null)
            {
                return new Row(known.Case, null, null, false);
            }

            var values = file.Compute(known.Case, known.Objective, known.Statistics);
            var errors = ObjectiveCaseErrors.Of(known.Case, values);
            return new Row(known.Case, values, errors, !errors.IsWithin(tolerance));
        }
    }

    private static JsonObject Json(IReadOnlyList<Row> rows, double tolerance) => new()
    {
        ["tolerance"] = tolerance,
        ["computed"] = rows.Count(row => row.Values is not null),
        ["compared"] = rows.Count(row => row.Errors?.IsCompared == true),
        ["failed"] = rows.Count(row => row.IsFailed),
        ["unsupported"] = rows.Count(row => row.Values is null),
        ["cases"] = new JsonArray([.. rows.Select(Json)]),
    };

    private static JsonObject Json(Row row)
    {
        var json = new JsonObject { ["id"] = row.Case.Id, ["kind"] = row.Case.Kind };
        if (row.Values is not { } values || row.Errors is not { } errors)
        {
            json["unsupported"] = true;
            return json;
        }

        json["loss"] = Number(values.Loss);
        json["per_item"] = new JsonArray([.. values.PerItem.Select(value => Number(value))]);
        json["grads"] = new JsonObject(values.Grads.Select(grad =>
            KeyValuePair.Create<string, JsonNode?>(grad.Key, new JsonObject { ["norm"] = Number(grad.Value.Norm), ["dot"] = Number(grad.Value.Dot) })));
        json["extra"] = new JsonObject(values.Extra.Select(extra => KeyValuePair.Create(extra.Key, Number(extra.Value))));
        json["errors"] = new JsonObject
        {
            ["loss"] = Number(errors.Loss), ["per_item"] = Number(errors.PerItem), ["norm"] = Number(errors.Norm), ["dot"] = Number(errors.Dot), ["extra"] = Number(errors.Extra),
        };
        json["problems"] = new JsonArray([.. errors.Problems.Select(problem => JsonValue.Create(problem))]);
        json["ok"] = !row.IsFailed;
        return json;
    }

    /// <summary>JSON has no word for what is not finite: null, and the case has a problem that says so.</summary>
    private static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    private static void Show(IAnsiConsole console, IReadOnlyList<Row> rows, double tolerance)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("case", "kind", "loss", "error of loss", "per item", "norm", "dot", "extra", "");
        foreach (var row in rows.Where(row => row.Values is not null))
        {
            var errors = row.Errors!;
            table.AddRow(
                Markup.Escape(row.Case.Id), Markup.Escape(row.Case.Kind), row.Values!.Loss.ToString("G10", CultureInfo.InvariantCulture),
                Cell(errors.Loss), Cell(errors.PerItem), Cell(errors.Norm), Cell(errors.Dot), Cell(errors.Extra), row.IsFailed ? "failed" : errors.IsCompared ? "ok" : "");
        }

        console.Write(table);
        foreach (var row in rows.Where(row => row.IsFailed))
        {
            console.WriteLine(row.Errors!.Problems.Count > 0
                ? $"{row.Case.Id}: {string.Join("; ", row.Errors.Problems)}"
                : string.Create(CultureInfo.InvariantCulture, $"{row.Case.Id}: an error is larger than {tolerance:G2}"));
        }

        console.WriteLine(
            $"{rows.Count(row => row.Values is not null)} computed, {rows.Count(row => row.Errors?.IsCompared == true)} compared, {rows.Count(row => row.IsFailed)} failed, {rows.Count(row => row.Values is null)} of kinds this version does not have");
    }

    private static string Cell(double? error) => error?.ToString("0.0E+0", CultureInfo.InvariantCulture) ?? "";
}
