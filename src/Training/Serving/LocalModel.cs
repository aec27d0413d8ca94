using System.Security.Cryptography;
using System.Text;
using Agentic.Retrieval;
using TorchSharp;

namespace Agentic.Training;

/// <summary>A model of a folder, ready to generate.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class LocalModel : IDisposable
{
    private LocalModel(ModelTokenizer tokenizer, TokenGenerator generator, string fingerprint) =>
        (Tokenizer, Generator, Fingerprint) = (tokenizer, generator, fingerprint);

    /// <summary>Its vocabulary.</summary>
    public ModelTokenizer Tokenizer { get; }

    /// <summary>Its generator; disposed with this.</summary>
    public TokenGenerator Generator { get; }

    /// <summary>SHA-256 of its weights, shape and vocabulary, in lower-case hex.</summary>
    public string Fingerprint { get; }

    /// <summary>Loads a HuggingFace folder or a llama2.c folder.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="serving">How much is generated side by side.</param>
    /// <param name="compute">Where and in which precision; null for <see cref="DeviceChoice.Auto"/> in float32.</param>
    /// <param name="contextTokens">Most tokens of a sequence; null for the model's context.</param>
    /// <exception cref="AgenticException">There is no model, it is broken, or its tokenizer belongs to another.</exception>
    public static LocalModel Load(string folder, GeneratorOptions serving, ComputeOptions? compute = null, int? contextTokens = null)
    {
        ArgumentNullException.ThrowIfNull(serving);
        OptionsGuard.Checked(serving);
        var (model, tokenizer) = ModelFolder.Load(folder, compute ?? new ComputeOptions());
        return new LocalModel(tokenizer, new TokenGenerator(DecoderOf(model, serving), tokenizer, serving, contextTokens), HashOf(folder, tokenizer));
    }

    /// <inheritdoc/>
    public void Dispose() => Generator.Dispose();

    // The managed decoder is exact float32 on the CPU; every other place and precision is torch's.
    private static IDecoder DecoderOf(CausalLm model, GeneratorOptions serving)
    {
        if (model.Device.type != DeviceType.CPU || model.Compute.DType != ComputeType.Float32)
        {
            return new TorchDecoder(model);
        }

        using (model)
        {
            return new ManagedDecoder(model, serving.Threads ?? Math.Min(4, Environment.ProcessorCount));
        }
    }

    private static string HashOf(string folder, ModelTokenizer tokenizer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(tokenizer.Fingerprint));
        var files = Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".safetensors" or ".bin" || Path.GetFileName(file) == "config.json");
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
