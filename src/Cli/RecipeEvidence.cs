using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary>Evidence in a recipe's worlds: triplets by the rules, an index in memory, selection as the settings say.</summary>
internal sealed class RecipeEvidence(Settings settings) : IWorldEvidence
{
    public DemonstrationHeader Header(int items, PromptStyle prompt) => AgentHeader.Of(settings, Selection(items), prompt);

    public OpenWorld Open(World world, int items)
    {
        var index = WorldIndex.Of(world, settings.Index.Chunking, new RuleTripletExtractor());
        return new OpenWorld(index.Snapshot.Evidence(Selection(items), settings.Retriever), index);
    }

    private TeaRagOptions Selection(int items) => settings.Evidence with { Items = items };
}
