using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>Features of a candidate with whether it is right.</summary>
internal sealed record RelevanceExample(double[] Features, bool Relevant)
{
    private const int Negatives = 20;
    private const int MostTriplets = 60;
    private const int OtherChunks = 5;

    /// <summary>Each subquery's gold chunk against its BM25 top 20.</summary>
    public static async Task<IReadOnlyList<RelevanceExample>> OfChunksAsync(SubquerySet set)
    {
        var relevance = LexicalRelevance.Freeze(set.Index);
        var bm25 = new Bm25RetrieverOptions().Build(set.Index);
        var gold = set.Subqueries.ToLookup(subquery => subquery.Text, subquery => subquery.GoldId, StringComparer.Ordinal);
        var examples = new List<RelevanceExample>();
        foreach (var subquery in set.Subqueries)
        {
            set.Index.TryFind(subquery.GoldId, out var number);
            examples.Add(Of(set.Index.Chunks[number].Chunk, relevant: true));
            var found = await bm25.SearchAsync(subquery.Text, Negatives, default);
            examples.AddRange(found.Where(item => !gold[subquery.Text].Contains(item.Chunk.Id)).Select(item => Of(item.Chunk, relevant: false)));

            RelevanceExample Of(Chunk chunk, bool relevant) => new(relevance.Features(subquery.Text, new RelevanceCandidate(chunk.Title, chunk.Text)), relevant);
        }

        return examples;
    }

    /// <summary>Of the triplets around the entities a subquery names, those with its answer at one end against the others and those of similar chunks.</summary>
    public static async Task<IReadOnlyList<RelevanceExample>> OfTripletsAsync(SubquerySet set)
    {
        var bm25 = new Bm25RetrieverOptions().Build(set.Index);
        var snapshot = GraphSnapshot.Freeze(set.Index);
        var relevance = LexicalRelevance.Freeze(set.Index);
        var examples = new List<RelevanceExample>();
        foreach (var subquery in set.Subqueries.Where(subquery => subquery.Answer.Length > 0))
        {
            var linked = snapshot.Linker.Link(subquery.Subject ?? subquery.Text, 5);
            var entities = linked.Select(link => snapshot.Graph.TryFind(link.Name, out var entity) ? entity : null).OfType<GraphEntity>();
            var triplets = entities.SelectMany(entity => entity.Triplets).Distinct().Order().Take(MostTriplets).Select(number => snapshot.Graph.Triplets[number]).ToArray();
            if (!Array.Exists(triplets, triplet => Answers(triplet, subquery)))
            {
                continue;
            }

            examples.AddRange(triplets.Select(triplet => Of(triplet.Text, Answers(triplet, subquery))));
            foreach (var item in await bm25.SearchAsync(subquery.Text, OtherChunks, default))
            {
                set.Index.TryFind(item.Chunk.Id, out var number);
                var others = item.Chunk.Id == subquery.GoldId ? [] : set.Index.Chunks[number].Triplets;
                examples.AddRange(others.Select(fact => Of($"{fact.Head} {fact.Relation} {fact.Tail}", relevant: false)));
            }

            RelevanceExample Of(string text, bool relevant) => new(relevance.Features(subquery.Text, new RelevanceCandidate(string.Empty, text)), relevant);
        }

        return examples;
    }

    private static bool Answers(Triplet triplet, Subquery subquery) =>
        triplet.SupportingChunkIds.Contains(subquery.GoldId) && (Same(triplet.Head, subquery.Answer) || Same(triplet.Tail, subquery.Answer));

    private static bool Same(string name, string answer)
    {
        var (left, right) = ($" {EntityName.Key(name)} ", $" {EntityName.Key(answer)} ");
        return left.Contains(right, StringComparison.Ordinal) || right.Contains(left, StringComparison.Ordinal);
    }
}
