using System.Text.Json.Nodes;

namespace Agentic.Architecture.Tests;

/// <summary>What the README shows of a file of figures that does not fit a page; the rest stays in the file.</summary>
/// <param name="Columns">Of each row.</param>
/// <param name="Shows">Whether a row is shown.</param>
internal sealed record Headline(string Title, IReadOnlyList<string> Columns, Func<JsonObject, bool> Shows)
{
    private static readonly Dictionary<string, Headline> Known = new(StringComparer.Ordinal)
    {
        ["bm25.json"] = new(
            "BM25 with exact lengths",
            ["set", "analyzer", "questions", "recall@2", "recall@5", "all_recall@5", "ndcg@10", "map"],
            row => Is(row, "similarity", "exact") && (Is(row, "analyzer", "plain") || Begins(row, "set", "ir-"))),
        ["evidence.json"] = new(
            "Evidence: chunks alone, the association graph, the best five by relevance alone",
            ["set", "mode", "questions", "em", "f1", "steps", "tokens_per_retrieval", "answer_recall", "answer_recall_difference"],
            row => Is(row, "mode", "chunks", "kag", "top")),
        ["graph-retrieval.json"] = new(
            "Chunk ranking without a model, and the corpus graph under stress",
            ["set", "stress", "retriever", "questions", "recall@2", "recall@5", "all_recall@5", "ndcg@10", "ms_per_query"],
            row => Is(row, "stress", "none") || (Is(row, "retriever", "graph") && Is(row, "set", "multihop-2wiki1000"))),
        ["indexing.json"] = new(
            "Indexing, first run of a process and later ones",
            ["run", "set", "chunks", "triplets", "build_seconds", "searchable_seconds", "graph_seconds", "bm25_top10_ms", "bm25_top1000_ms"],
            _ => true),
        ["kill.json"] = new("Killed at random times and run again", ["killed", "seeds", "different_digests", "kills"], _ => true),
        ["own-corpus.json"] = new(
            "The project's own questions, symbolic policy",
            ["part", "mode", "questions", "em", "f1", "steps", "answer_recall", "tokens_per_retrieval"],
            row => Is(row, "mode", "chunks", "kag")),
        ["ppr.json"] = new(
            "Personalized PageRank against igraph",
            ["graph", "damping", "igraph_ms", "build_and_query_ms", "query_ms", "times_faster_than_igraph", "batch_64_ms_per_vector", "batch_share_of_query"],
            _ => true),
        ["qa.json"] = new(
            "Questions answered by the symbolic policy; shuffled evidence as control",
            ["set", "mode", "questions", "em", "f1", "steps", "thinking_tokens", "tokens_per_retrieval", "answer_recall"],
            row => Is(row, "type", "all")),
        ["worlds.json"] = new(
            "Questions about generated test worlds under the symbolic policy, beside exchanged answers and a closed book",
            ["world", "held_out", "type", "hops", "questions", "em", "exchanged_em", "closed_book_em"],
            row => Is(row, "held_out", "none", "paraphrase")),
        ["relevance.json"] = new(
            "Relevance of evidence to single-hop subqueries it was not fitted on",
            ["set", "kind", "subquery_like", "right", "wrong", "median_right", "median_wrong", "auc", "ece"],
            row => Is(row, "use", "judge", "held out")),
        ["world-policy.json"] = new(
            "A policy trained by the recipe, on a test world it has never seen",
            ["set", "policy", "held_out", "group", "questions", "em", "f1", "format", "steps", "tokens"],
            row => Is(row, "group", "all", "1 hops", "2 hops", "3 hops", "4 hops", "two-way")),
    };

    /// <summary>The choice for a file; null when it is shown whole.</summary>
    public static Headline? Of(string file) => Known.GetValueOrDefault(file);

    private static bool Is(JsonObject row, string column, params ReadOnlySpan<string> values) => values.Contains((string?)row[column]);

    private static bool Begins(JsonObject row, string column, string start) => ((string?)row[column])?.StartsWith(start, StringComparison.Ordinal) ?? false;
}
