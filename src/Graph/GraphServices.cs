using Agentic.Retrieval;
using Microsoft.Extensions.DependencyInjection;

namespace Agentic.Graph;

/// <summary>Registers the graph library for dependency injection.</summary>
public static class GraphServices
{
    /// <summary>
    /// Adds <see cref="GraphSnapshot"/>, <see cref="IEntityLinker"/>, <see cref="IRelevance"/> and <see cref="IEvidenceRetriever"/> as singletons
    /// over the <see cref="ChunkIndex"/> that the caller registers.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="evidence">Numbers and mode of the evidence; the paper's when null.</param>
    /// <param name="chunks">Finds candidate chunks; BM25 when null.</param>
    public static IServiceCollection AddAgenticGraph(this IServiceCollection services, TeaRagOptions? evidence = null, RetrieverOptions? chunks = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services
            .AddSingleton(provider => GraphSnapshot.Freeze(provider.GetRequiredService<ChunkIndex>()))
            .AddSingleton(provider => provider.GetRequiredService<GraphSnapshot>().Linker)
            .AddSingleton(provider => provider.GetRequiredService<GraphSnapshot>().Relevance)
            .AddSingleton(provider => provider.GetRequiredService<GraphSnapshot>().Evidence(evidence ?? new TeaRagOptions(), chunks));
    }
}
