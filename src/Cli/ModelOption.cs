using System.CommandLine;

namespace Agentic.Cli;

/// <summary>The option <c>--model</c> of the commands that work on a model of our own.</summary>
internal static class ModelOption
{
    public static Option<string> Required() => new("--model")
    {
        Description = "Folder of the model: a HuggingFace folder (config.json, model.safetensors, tokenizer.json) or a llama2.c folder (tok*.bin and the weights' .bin).",
        HelpName = "DIR",
        Required = true,
    };
}
