using System.Text.Json;

namespace Agentic.Training;

/// <summary>Compares computed values with the JSON of a case, and gathers what cannot be compared.</summary>
internal sealed class CaseComparison(ObjectiveCaseValues values)
{
    private readonly List<string> _problems = [.. values.Problems];

    public ObjectiveCaseErrors With(JsonElement expected)
    {
        var grads = Members(expected, "grads").ToList();
        return new ObjectiveCaseErrors(
            Of(expected, "loss") is { } loss ? Error(loss, values.Loss, "loss") : null,
            Of(expected, "per_item") is { } items ? PerItem(items) : null,
            Largest(grads.Select(grad => Mark(grad, "norm", marks => marks.Norm))),
            Largest(grads.Select(grad => Mark(grad, "dot", marks => marks.Dot))),
            Largest(Members(expected, "extra").Select(Extra)),
            [.. _problems.Distinct()]);
    }

    private double? PerItem(JsonElement expected)
    {
        if (expected.ValueKind == JsonValueKind.Array && expected.GetArrayLength() == values.PerItem.Count)
        {
            return Largest(expected.EnumerateArray().Select((item, index) => Error(item, values.PerItem[index], $"per_item[{index}]")));
        }

        _problems.Add($"'per_item' is expected to be something else than a list of {values.PerItem.Count} numbers");
        return null;
    }

    private double? Mark(JsonProperty grad, string name, Func<GradientMarks, double> of)
    {
        if (!values.Grads.TryGetValue(grad.Name, out var marks))
        {
            _problems.Add($"a gradient of '{grad.Name}' is expected; there are {string.Join(", ", values.Grads.Keys)}");
            return null;
        }

        return Of(grad.Value, name) is { } expected ? Error(expected, of(marks), $"{grad.Name}.{name}") : null;
    }

    private double? Extra(JsonProperty extra)
    {
        if (values.Extra.TryGetValue(extra.Name, out var value))
        {
            return Error(extra.Value, value, extra.Name);
        }

        _problems.Add($"'{extra.Name}' is expected; there {(values.Extra.Count == 0 ? "is nothing beside the loss" : $"are {string.Join(", ", values.Extra.Keys)}")}");
        return null;
    }

    private double? Error(JsonElement expected, double value, string name)
    {
        if (expected.ValueKind == JsonValueKind.Number)
        {
            return Math.Abs(value - expected.GetDouble()) / Math.Max(1, Math.Abs(expected.GetDouble()));
        }

        _problems.Add($"'{name}' is expected to be something else than a number");
        return null;
    }

    private static JsonElement? Of(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static IEnumerable<JsonProperty> Members(JsonElement owner, string name) =>
        Of(owner, name) is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : [];

    /// <summary>Null when there are none; what is not a number is larger than any.</summary>
    private static double? Largest(IEnumerable<double?> errors)
    {
        var given = errors.OfType<double>().Select(error => double.IsNaN(error) ? double.PositiveInfinity : error).ToList();
        return given.Count == 0 ? null : given.Max();
    }
}
