using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A JSON file of inputs and what objectives must make of them: <c>{fixtures: {name: {array: numbers}}, cases: [...]}</c>.</summary>
/// <remarks>
/// Logits are shifted: <c>logits[i, t]</c> predicts <c>targets[i, t]</c>, and <c>mask[i, t]</c> says where it counts. A fixture of pairs has the arrays
/// <c>chosen.*</c> and <c>rejected.*</c> (<c>logits</c>, <c>ref_logits</c>, <c>targets</c>, <c>mask</c>, <c>token_weight</c>) and <c>step_start</c>; one of samples has
/// <c>u.*</c> with <c>u.label</c>, and mismatched rows as <c>kl.*</c>. Arrays that nothing asks for are not looked at.
/// </remarks>
public sealed class ObjectiveCaseFile
{
    private readonly JsonElement _fixtures;

    private ObjectiveCaseFile(string path, JsonElement fixtures, IReadOnlyList<ObjectiveCase> cases) => (Path, _fixtures, Cases) = (path, fixtures, cases);

    /// <summary>Where it was read.</summary>
    public string Path { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ObjectiveCase> Cases { get; }

    /// <summary>Reads the file; also gzip.</summary>
    /// <exception cref="AgenticException">It is missing, no JSON, or not of this form.</exception>
    public static async Task<ObjectiveCaseFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = TextSource.Open(path);
        await using (file.ConfigureAwait(false))
        {
            try
            {
                using var document = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken).ConfigureAwait(false);
                return Of(path, document.RootElement.Clone());
            }
            catch (JsonException exception)
            {
                throw new InputFormatException(path, (exception.LineNumber ?? -1) + 1, $"not valid JSON: {exception.Message}", exception);
            }
            catch (InvalidDataException exception)
            {
                throw TextSource.Damaged(path, 0, exception);
            }
        }
    }

    /// <summary>What an objective makes of a case, in float64.</summary>
    /// <param name="one">One of <see cref="Cases"/>.</param>
    /// <param name="objective">By its kind and parameters.</param>
    /// <param name="statistics">What the case gives of <see cref="UpdateTotals.Statistics"/>; null when it is to be measured.</param>
    /// <exception cref="InputFormatException">The fixture lacks an array, or one has the wrong shape or impossible values.</exception>
    public ObjectiveCaseValues Compute(ObjectiveCase one, IObjective objective, IReadOnlyDictionary<string, double>? statistics = null)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(objective);
        TorchNative.EnsureLoaded();
        if (!_fixtures.TryGetProperty(one.Fixture, out var arrays) || arrays.ValueKind != JsonValueKind.Object)
        {
            throw Problem(one, $"the file has no fixture '{one.Fixture}'");
        }

        return new CaseComputation(new CaseArrays(arrays, reason => Problem(one, reason)), one.Items, objective, statistics).Values();
    }

    private static ObjectiveCaseFile Of(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("fixtures", out var fixtures) || fixtures.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("cases", out var cases) || cases.ValueKind != JsonValueKind.Array)
        {
            throw new InputFormatException(path, 0, "is not a file of objective cases: that is one JSON object with 'fixtures' (an object) and 'cases' (a list)");
        }

        return new ObjectiveCaseFile(path, fixtures, [.. cases.EnumerateArray().Select((one, index) => ObjectiveCase.Of(one, path, index))]);
    }

    private InputFormatException Problem(ObjectiveCase one, string reason) => new(Path, 0, $"case {one.Id}: {reason}");
}
