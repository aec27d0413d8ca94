using System.Security.Cryptography;
using System.Text.Json;

namespace Agentic.Training;

/// <summary>A folder that is either whole, with a manifest of the hashes of its files, or not there.</summary>
internal static class AtomicFolder
{
    private const string ManifestName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true };

    /// <summary>Fills a folder beside <paramref name="path"/>, writes the manifest, and renames it into place; a kill leaves the old state and a folder that the next call removes.</summary>
    public static void Write(string path, Action<string> fill)
    {
        var temporary = path + ".tmp";
        Remove(temporary);
        Directory.CreateDirectory(temporary);
        fill(temporary);
        var files = Directory.EnumerateFiles(temporary).Order(StringComparer.Ordinal).ToArray();
        Array.ForEach(files, MakeDurable);
        WriteDurably(Path.Combine(temporary, ManifestName), JsonSerializer.SerializeToUtf8Bytes(new Manifest([.. files.Select(Describe)]), Json));
        Remove(path);
        Directory.Move(temporary, path);
    }

    /// <summary>Why the folder is not as it was written; null when it is.</summary>
    public static string? Damage(string path)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(Path.Combine(path, ManifestName)), Json);
            return manifest is null ? $"{ManifestName} is empty" : manifest.Files
                .Where(file => Path.GetFileName(file.Name) != file.Name || !File.Exists(Path.Combine(path, file.Name)) || Describe(Path.Combine(path, file.Name)) != file)
                .Select(file => $"{file.Name} is missing or differs from the manifest").FirstOrDefault();
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return exception is FileNotFoundException ? $"{ManifestName} is missing" : exception.Message;
        }
    }

    public static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    public static void WriteDurably(string path, byte[] content)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    private static void MakeDurable(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    private static ManifestFile Describe(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        return new ManifestFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private sealed record Manifest(IReadOnlyList<ManifestFile> Files);

    private sealed record ManifestFile(string Name, long Bytes, string Sha256);
}
