using System.Security.Cryptography;
using System.Text;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>One hash over the weights and the shape of a model's folder.</summary>
public static class ModelDigest
{
    /// <summary>SHA-256 over config.json and the files of weights, by name, in hex; how else the folder came about does not show.</summary>
    /// <exception cref="AgenticException">The folder has no weights.</exception>
    public static string Of(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new AgenticException($"{folder} does not exist; name the folder of a model");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = new[] { "config.json", "*.safetensors", "*.bin" }.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)).Order(StringComparer.Ordinal).ToArray();
        if (!files.Any(file => !file.EndsWith(".json", StringComparison.Ordinal)))
        {
            throw new AgenticException($"{folder} has no weights (model.safetensors); name the folder of a model, such as 'model new' makes");
        }

        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\n"));
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
