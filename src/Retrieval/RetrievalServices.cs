using Microsoft.Extensions.DependencyInjection;

namespace Agentic.Retrieval;

/// <summary>Registers the retrieval library for dependency injection.</summary>
public static class RetrievalServices
{
    /// <summary>Adds <see cref="ChunkIndex"/>, opened from <paramref name="directory"/> when first asked for and closed with the provider, and <see cref="IRetriever"/> over it, as singletons.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="directory">Folder of an index that <see cref="IndexBuilder"/> has finished.</param>
    /// <param name="retriever">How chunks are ranked; BM25 when null.</param>
    public static IServiceCollection AddAgenticRetrieval(this IServiceCollection services, string directory, RetrieverOptions? retriever = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services
            .AddSingleton(_ => ChunkIndex.Open(directory))
            .AddSingleton(provider => (retriever ?? new Bm25RetrieverOptions()).Build(provider.GetRequiredService<ChunkIndex>()));
    }
}
