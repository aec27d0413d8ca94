using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>What a policy has to be told of the settings its demonstrations were made with.</summary>
internal static class AgentHeader
{
    public static DemonstrationHeader Of(Settings settings, TeaRagOptions evidence, PromptStyle prompt) => new()
    {
        Prompt = prompt,
        Evidence = Section(evidence),
        Retriever = Section<RetrieverOptions>(settings.Retriever),
        Agent = Section(settings.Agent),
    };

    private static JsonObject Section<T>(T options) => JsonSerializer.SerializeToNode(options, OptionsJson.Serializer)!.AsObject();
}
