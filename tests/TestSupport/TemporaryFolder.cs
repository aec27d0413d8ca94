using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.TestSupport;

/// <summary>A folder of one test, removed with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agentic-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    /// <summary>Documents as JSON Lines, compressed when the name ends in .gz.</summary>
    public string WriteCorpus(string name, IEnumerable<Document> documents)
    {
        var lines = string.Concat(documents.Select(document => JsonSerializer.Serialize(new { id = document.Id, title = document.Title, text = document.Text }) + "\n"));
        return Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? Compressed(lines) : Encoding.UTF8.GetBytes(lines));
    }

    public static byte[] Compressed(string content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(content));
        }

        return output.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
