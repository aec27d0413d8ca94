using System.Text.Json;

namespace Agentic.Retrieval;

/// <summary>What an index was made with; written once, before anything else.</summary>
/// <param name="Format">Version of the folder's layout.</param>
/// <param name="ChunkTokens">See <see cref="ChunkerOptions"/>.</param>
/// <param name="ChunkOverlap">See <see cref="ChunkerOptions"/>.</param>
/// <param name="Triplets">Id of the triplet extractor, or <c>none</c>.</param>
public sealed record IndexManifest(int Format, int ChunkTokens, int ChunkOverlap, string Triplets)
{
    /// <summary>The layout this version reads and writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Extractor id of an index without triplets.</summary>
    public const string NoTriplets = "none";

    internal const string FileName = "index.json";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>The manifest of the index in a folder.</summary>
    /// <exception cref="IndexException">There is none, it is unreadable, or it is of another version.</exception>
    public static IndexManifest Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            throw new IndexException(directory, File.Exists(directory) ? "is a file; name the folder that 'index build' wrote" : Directory.Exists(directory) ? $"holds no index (no {FileName}); name the folder that 'index build' wrote" : "does not exist; make it with 'index build'");
        }

        IndexManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<IndexManifest>(File.ReadAllBytes(path), Json);
        }
        catch (JsonException exception)
        {
            throw new IndexException(directory, $"{FileName} is damaged; build the index again", exception);
        }

        return manifest switch
        {
            { Format: CurrentFormat, Triplets: not null } => manifest,
            { Format: > CurrentFormat } => throw new IndexException(directory, $"was made by a newer version (format {manifest.Format}, this one reads {CurrentFormat}); update Agentic or build the index again"),
            _ => throw new IndexException(directory, $"{FileName} is not one of Agentic's; build the index again in another folder"),
        };
    }

    internal void Write(string directory)
    {
        var path = Path.Combine(directory, FileName);
        using (var file = File.Create(path + ".tmp"))
        {
            JsonSerializer.Serialize(file, this, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".tmp", path, overwrite: true);
    }
}
