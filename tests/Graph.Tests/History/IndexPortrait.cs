using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

/// <summary>Everything an index shows to the outside, as text: chunks, graph, every retriever's ranking with scores and paths, evidence in every mode.</summary>
internal static class IndexPortrait
{
    public static async Task<string> OfAsync(string directory)
    {
        using var index = ChunkIndex.Open(directory);
        var snapshot = GraphSnapshot.Freeze(index);
        var lines = index.Chunks.Select(indexed => $"{indexed.Chunk} {string.Join(';', indexed.Triplets)}")
            .Concat(snapshot.Graph.Triplets.Select(triplet => $"{triplet.Text} {string.Join(',', triplet.SupportingChunkIds)}"))
            .Concat(snapshot.Graph.Entities.Select(entity => $"{entity.Name} {string.Join(',', entity.SupportingChunkIds)}"))
            .ToList();
        foreach (var options in Retrievers())
        {
            var retriever = options.Build(index);
            foreach (var query in SmallWorld.Queries)
            {
                lines.AddRange((await retriever.SearchAsync(query, 20, CancellationToken.None)).Select(hit => $"{options} {query}: {hit.Chunk.Id} {Exact(hit.Score)} {string.Join(' ', hit.Path ?? [])}"));
            }
        }

        foreach (var mode in Enum.GetValues<EvidenceMode>())
        {
            var evidence = snapshot.Evidence(new TeaRagOptions { Mode = mode, Items = 4 }, new Bm25RetrieverOptions().Build(index));
            foreach (var query in SmallWorld.Queries)
            {
                lines.AddRange((await evidence.RetrieveAsync(new EvidenceRequest(query, []), CancellationToken.None)).Items.Select(item => $"{mode} {query}: {Exact(item.Score)} {item}"));
            }
        }

        return string.Join('\n', lines);
    }

    // Every retriever there is, found by its options, with BM25 in each of its forms.
    private static IEnumerable<RetrieverOptions> Retrievers() => new[] { typeof(RetrieverOptions), typeof(GraphSnapshot) }
        .SelectMany(type => type.Assembly.GetTypes())
        .Where(type => type.IsSubclassOf(typeof(RetrieverOptions)) && !type.IsAbstract)
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => (RetrieverOptions)Activator.CreateInstance(type)!)
        .Append(new Bm25RetrieverOptions { Analyzer = Analyzer.Plain })
        .Append(new Bm25RetrieverOptions { Similarity = LengthNorm.Stock, TitleBoost = 1 });

    private static string Exact(double score) => score.ToString("R", CultureInfo.InvariantCulture);
}
