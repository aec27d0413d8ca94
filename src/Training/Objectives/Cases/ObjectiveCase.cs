using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>One case: which objective, with which parameters, on which fixture.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">The objective's kind.</param>
/// <param name="Fixture">Name of the fixture.</param>
/// <param name="Parameters">Parameters under the file's names; an object.</param>
/// <param name="Items">Items of the fixture that take part; null for all.</param>
/// <param name="Expected">The case as it stands, for the values it expects.</param>
public sealed record ObjectiveCase(string Id, string Kind, string Fixture, JsonElement Parameters, IReadOnlyList<int>? Items, JsonElement Expected)
{
    internal static ObjectiveCase Of(JsonElement json, string path, int index)
    {
        var where = $"case {index + 1}";
        var id = Text(json, "id");
        return new ObjectiveCase(id, Text(json, "kind"), Text(json, "fixture"), Object(json), Indices(json), json);

        string Text(JsonElement owner, string name) =>
            owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new InputFormatException(path, 0, $"{where} has no text '{name}'");

        JsonElement Object(JsonElement owner) => !owner.TryGetProperty("params", out var value) ? default
            : value.ValueKind == JsonValueKind.Object ? value
            : throw new InputFormatException(path, 0, $"case {id}: 'params' must be an object");

        IReadOnlyList<int>? Indices(JsonElement owner) => !owner.TryGetProperty("items", out var value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out _))
                ? [.. value.EnumerateArray().Select(item => item.GetInt32())]
                : throw new InputFormatException(path, 0, $"case {id}: 'items' must be a list of at least one whole number");
    }
}

/// <summary>What an objective made of a case.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="PerItem">Losses of the items.</param>
/// <param name="Grads">By name of the input array that carries gradient, as the file names it.</param>
/// <param name="Extra">Other numbers that the objective reports: <c>nll</c>, <c>kl</c>.</param>
/// <param name="Problems">What no objective may do, whatever is expected: numbers that are not finite, gradient under the mask.</param>
public sealed record ObjectiveCaseValues(
    double Loss, IReadOnlyList<double> PerItem, IReadOnlyDictionary<string, GradientMarks> Grads, IReadOnlyDictionary<string, double> Extra, IReadOnlyList<string> Problems);

/// <summary>Two numbers that tell whether a gradient is another's, without its elements.</summary>
/// <param name="Norm">L2 norm over the whole array.</param>
/// <param name="Dot">Sum of g_k cos(0.37 k + 0.11), k the row-major index.</param>
public sealed record GradientMarks(double Norm, double Dot);
