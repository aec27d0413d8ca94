using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>How demonstrations came about: what a policy trained on them has to be given again to work as it learned to.</summary>
/// <remarks>First line of a demonstration file, and the file <c>agent.json</c> in the folder of a model trained on it.</remarks>
public sealed record DemonstrationHeader
{
    /// <summary>Version of the file's form.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Name of the header's copy in a model's folder.</summary>
    public const string FileName = "agent.json";

    internal const string Kind = "sft";

    /// <summary>What stands in the prompt segments.</summary>
    public PromptStyle Prompt { get; init; } = PromptStyle.Instructed;

    /// <summary>Options of the evidence, under the names of the settings section <c>evidence</c>; null when unknown.</summary>
    public JsonObject? Evidence { get; init; }

    /// <summary>Options of the retriever of chunks, as in the settings section <c>retriever</c>; null when unknown.</summary>
    public JsonObject? Retriever { get; init; }

    /// <summary>Limits of an attempt, as in the settings section <c>agent</c>; null when unknown.</summary>
    public JsonObject? Agent { get; init; }

    /// <summary>Where the rows come from: seed, shares of imperfections, counts; for people and reports.</summary>
    public JsonObject? Source { get; init; }

    /// <summary>Reads the copy in a model's folder; null when the folder has none.</summary>
    /// <exception cref="AgenticException">It is there and broken, or of another format.</exception>
    public static DemonstrationHeader? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        return Parse(path, File.ReadAllBytes(path));
    }

    /// <summary>Writes the copy into a model's folder, which exists.</summary>
    public Task SaveAsync(string folder, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(folder, FileName), ToIndentedJson(), cancellationToken);

    /// <summary>Reads what <see cref="SaveAsync"/> writes.</summary>
    /// <param name="path">Where it stood, for messages.</param>
    /// <param name="json">The text.</param>
    internal static DemonstrationHeader Parse(string path, byte[] json)
    {
        using var document = JsonRecord.Parse(path, 1, json, torn: false);
        return DemonstrationJson.HeaderOf(new JsonRecord(path, 1, document.RootElement));
    }

    /// <summary>What <see cref="SaveAsync"/> writes.</summary>
    internal string ToIndentedJson() => DemonstrationJson.Of(this).ToJsonString(IndentedJson) + "\n";

    private static JsonSerializerOptions IndentedJson { get; } = new() { WriteIndented = true, Encoder = DemonstrationJson.Encoder };
}
