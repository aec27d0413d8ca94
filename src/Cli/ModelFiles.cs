using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary>Folders of models as the <c>model</c> verbs see them.</summary>
internal static class ModelFiles
{
    /// <summary>Refuses to write over a model.</summary>
    public static void RefuseOccupied(string folder)
    {
        if (File.Exists(Path.Combine(folder, "config.json")) || File.Exists(Path.Combine(folder, "model.safetensors")))
        {
            throw new UsageException($"--out {folder}: holds a model already; name another folder, or remove that one");
        }
    }

    /// <summary>What a folder's configuration says, and the tokenizer beside it.</summary>
    public static ModelFacts Describe(string folder)
    {
        var (options, vocabulary) = ModelFolder.Describe(folder);
        string tokenizer;
        try
        {
            tokenizer = $"{ModelFolder.LoadTokenizer(folder).VocabularySize} tokens";
        }
        catch (AgenticException exception)
        {
            tokenizer = exception.Message;
        }

        return new ModelFacts(folder, ModelFolder.ArchitectureOf(options), options.CountParameters(), options, vocabulary.BosId, vocabulary.EndId, tokenizer);
    }
}

/// <summary>What is reported about a model.</summary>
internal sealed record ModelFacts(string Path, string Architecture, long Parameters, TransformerOptions Shape, int? BosId, int? EndId, string Tokenizer);
