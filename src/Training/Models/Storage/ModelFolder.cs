using Agentic.Agent;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>A model on disk: a HuggingFace folder (<c>config.json</c>, <c>model.safetensors</c>, <c>generation_config.json</c>, <c>tokenizer.json</c>), or a llama2.c folder (<c>tok*.bin</c> and one more <c>.bin</c>), which is only read.</summary>
public static class ModelFolder
{
    /// <summary>Names of the files a model may consist of, what its policy was trained with included.</summary>
    internal static IReadOnlyList<string> FileNames { get; } =
        [HuggingFaceWeights.FileName, "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", DemonstrationHeader.FileName];

    /// <summary>A model with its tokenizer, checked to belong together.</summary>
    /// <exception cref="AgenticException">There is no model, it is broken, or its tokenizer belongs to another.</exception>
    public static (CausalLm Model, ModelTokenizer Tokenizer) Load(string folder, ComputeOptions compute)
    {
        var tokenizer = LoadTokenizer(folder);
        return (CausalLm.Load(folder, compute), tokenizer);
    }

    /// <summary>A model's tokenizer alone, checked against the model's configuration; the weights are not read.</summary>
    /// <exception cref="AgenticException">There is no model or tokenizer, or the two do not belong together.</exception>
    public static ModelTokenizer LoadTokenizer(string folder)
    {
        var (options, vocabulary) = Describe(folder);
        var tokenizer = ModelTokenizer.Load(folder);
        if (tokenizer.VocabularySize > options.VocabularySize)
        {
            throw new AgenticException($"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens, the model {options.VocabularySize}; put the tokenizer the model was made with beside it");
        }

        return vocabulary.TokenizerFingerprint is null || vocabulary.TokenizerFingerprint == tokenizer.Fingerprint
            ? tokenizer
            : throw new AgenticException($"{folder}: the tokenizer is not the one the model was made with (its vocabulary or merges differ); put that one beside the model");
    }

    /// <summary>Shape and token facts of a model, from its configuration alone.</summary>
    /// <exception cref="AgenticException">There is no model, or its configuration is broken.</exception>
    public static (TransformerOptions Options, ModelVocabulary Vocabulary) Describe(string folder)
    {
        var source = Source(folder);
        return (source.Options, source.Vocabulary);
    }

    /// <summary>The architecture of HuggingFace's library that a shape is stored as: llama, qwen2 or qwen3.</summary>
    public static string ArchitectureOf(TransformerOptions options) => ModelConfig.Architecture(OptionsGuard.Checked(options))!;

    internal static ModelConfig Source(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new AgenticException($"{folder} does not exist; name the folder of a model");
        }

        if (File.Exists(Path.Combine(folder, "config.json")))
        {
            return ModelConfig.Read(folder);
        }

        // Version 0 of llama2.c fixes its tokens: 1 begins, 2 ends.
        return Llama2cFile.Find(folder) is { } weights
            ? new ModelConfig(Llama2cFile.Open(weights).Options, new ModelVocabulary(BosId: 1, EndId: 2), null)
            : throw new AgenticException($"{folder} holds no model: neither config.json nor a .bin of llama2.c weights is there");
    }

    /// <summary>Reads a folder's parameters one by one.</summary>
    internal static T WithWeights<T>(string folder, ModelConfig source, Func<Func<string, long[], Tensor>, T> use)
    {
        if (!File.Exists(Path.Combine(folder, "config.json")))
        {
            return use(Llama2cFile.Open(Llama2cFile.Find(folder)!).Read);
        }

        using var weights = HuggingFaceWeights.Open(folder, source.Options);
        return use(weights.Read);
    }

    /// <summary>Writes the three files of a model; each is whole or not there, and an earlier one stays until its successor is written.</summary>
    internal static void Write(string folder, ModelConfig config, IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        Directory.CreateDirectory(folder);
        var type = (config.Stored ?? ComputeType.Float32) switch { ComputeType.Bfloat16 => ScalarType.BFloat16, ComputeType.Float64 => ScalarType.Float64, _ => ScalarType.Float32 };
        Replace(Path.Combine(folder, HuggingFaceWeights.FileName), stream =>
        {
            using var scope = NewDisposeScope();
            using var constant = no_grad();
            SafeTensorsFile.Write(stream, parameters.Select(parameter => (parameter.Name, parameter.Value.to(type))));
        });
        foreach (var (name, content) in config.Files())
        {
            Replace(Path.Combine(folder, name), stream => stream.Write(content));
        }
    }

    /// <summary>Puts the files of a model into a folder that others share, the weights last: where they are, the model is whole.</summary>
    /// <param name="folder">Where they go.</param>
    /// <param name="fill">Writes them into the folder it is given.</param>
    internal static void Publish(string folder, Action<string> fill)
    {
        var temporary = Path.Combine(folder, ".model.tmp");
        AtomicFolder.Remove(temporary);
        Directory.CreateDirectory(temporary);
        fill(temporary);
        foreach (var name in Directory.EnumerateFiles(temporary).Select(file => Path.GetFileName(file)!).OrderBy(name => name == HuggingFaceWeights.FileName).ThenBy(name => name, StringComparer.Ordinal))
        {
            File.Move(Path.Combine(temporary, name), Path.Combine(folder, name), overwrite: true);
        }

        AtomicFolder.Remove(temporary);
    }

    private static void Replace(string path, Action<Stream> write)
    {
        var unfinished = path + ".tmp";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
