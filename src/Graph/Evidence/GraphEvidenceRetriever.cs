using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>TeaRAG's hybrid retrieval: chunks for the subquery, triplets around the key entities, and a cut by Personalized PageRank over the graph that joins them.</summary>
/// <param name="chunks">Finds candidate chunks.</param>
/// <param name="graph">Holds the triplets.</param>
/// <param name="linker">Finds candidate entities.</param>
/// <param name="firstLook">Cheap relevance that thins out the triplets of busy entities.</param>
/// <param name="relevance">sim_R; may be the same object as <paramref name="firstLook"/>.</param>
/// <param name="options">Already checked.</param>
internal sealed class GraphEvidenceRetriever(
    IRetriever chunks,
    KnowledgeGraph graph,
    IEntityLinker linker,
    IRelevance firstLook,
    IRelevance relevance,
    TeaRagOptions options) : IEvidenceRetriever
{
    /// <inheritdoc/>
    public async ValueTask<EvidenceResult> RetrieveAsync(EvidenceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var candidates = await CandidatesAsync(request, cancellationToken).ConfigureAwait(false);
        return options.Mode switch
        {
            EvidenceMode.Kag => EvidenceCut.ByMass(request, candidates, options),
            EvidenceMode.Chunks => new EvidenceResult([.. candidates.ChunkEvidence(options.Items)]),
            EvidenceMode.Graph => new EvidenceResult([.. candidates.TripletEvidence(options.Items)]),
            EvidenceMode.Concat => new EvidenceResult([.. candidates.ChunkEvidence(options.Items), .. candidates.TripletEvidence(options.Items)]),
            EvidenceMode.Top => EvidenceCut.ByRelevance(candidates, options),
            _ => EvidenceCut.ByDraw(request, candidates, options),
        };
    }

    /// <summary>The kept chunks and triplets of a request, as far as the mode wants them.</summary>
    internal async ValueTask<EvidenceCandidates> CandidatesAsync(EvidenceRequest request, CancellationToken cancellationToken)
    {
        var found = options.Mode == EvidenceMode.Graph
            ? []
            : await chunks.SearchAsync(request.Subquery, options.CandidateChunks, cancellationToken).ConfigureAwait(false);
        var kept = await BestAsync(
            relevance, request.Subquery, [.. found.Select(item => item.Chunk)], chunk => new RelevanceCandidate(chunk.Title, chunk.Text), options.KeptChunks, cancellationToken)
            .ConfigureAwait(false);
        var triplets = options.Mode == EvidenceMode.Chunks ? [] : await TripletsAsync(request, cancellationToken).ConfigureAwait(false);
        return new EvidenceCandidates(kept, triplets)
        {
            Paths = found.Where(item => item.Path is not null).ToDictionary(item => item.Chunk.Id, item => item.Path!, StringComparer.Ordinal),
        };
    }

    private async ValueTask<IReadOnlyList<(Triplet Triplet, double Relevance)>> TripletsAsync(EvidenceRequest request, CancellationToken cancellationToken)
    {
        var entities = await EntitiesAsync(request, cancellationToken).ConfigureAwait(false);
        var triplets = entities.SelectMany(entity => entity.Triplets).Distinct().Order().Select(number => graph.Triplets[number]).ToArray();
        if (!ReferenceEquals(firstLook, relevance) && triplets.Length > options.CandidateTriplets)
        {
            var passed = await BestAsync(firstLook, request.Subquery, triplets, Statement, options.CandidateTriplets, cancellationToken).ConfigureAwait(false);
            triplets = [.. passed.Select(item => item.Item)];
        }

        return await BestAsync(relevance, request.Subquery, triplets, Statement, Math.Min(options.KeptTriplets, options.CandidateTriplets), cancellationToken)
            .ConfigureAwait(false);
    }

    private async ValueTask<IReadOnlyList<GraphEntity>> EntitiesAsync(EvidenceRequest request, CancellationToken cancellationToken)
    {
        var kept = new List<(GraphEntity Entity, double Relevance)>();
        foreach (var query in EntityQueries(request))
        {
            var linked = linker.Link(query, options.CandidateEntities)
                .Select(link => graph.TryFind(link.Name, out var entity) ? entity : null)
                .OfType<GraphEntity>()
                .Distinct()
                .ToArray();
            kept.AddRange(await BestAsync(
                relevance, query, linked, entity => new RelevanceCandidate(string.Empty, entity.Name), options.KeptEntities, cancellationToken).ConfigureAwait(false));
        }

        var limit = options.EntityScope == EntityScope.Global ? options.KeptEntities : int.MaxValue;
        return [.. kept.OrderByDescending(item => item.Relevance).ThenBy(item => item.Entity.Number).Select(item => item.Entity).Distinct().Take(limit)];
    }

    private IEnumerable<string> EntityQueries(EvidenceRequest request)
    {
        if (request.KeyEntities.Count == 0)
        {
            return options.EmptyEntities == EmptyEntities.LinkSubquery ? [request.Subquery] : [];
        }

        return request.KeyEntities.Distinct(StringComparer.Ordinal).Select(entity => $"Key entity: {entity}. Query: {request.Subquery}");
    }

    private static RelevanceCandidate Statement(Triplet triplet) => new(string.Empty, triplet.Text);

    /// <summary>The best by relevance; equals stay in the order they came in.</summary>
    private static async ValueTask<IReadOnlyList<(T Item, double Relevance)>> BestAsync<T>(
        IRelevance relevance, string query, IReadOnlyList<T> items, Func<T, RelevanceCandidate> text, int limit, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
        {
            return [];
        }

        var logits = await relevance.ScoreAsync(query, [.. items.Select(text)], cancellationToken).ConfigureAwait(false);
        return [.. items.Zip(logits).OrderByDescending(pair => pair.Second).Take(limit).Select(pair => (pair.First, Sigmoid(pair.Second)))];
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
