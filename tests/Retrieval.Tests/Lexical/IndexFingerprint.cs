using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Agentic.Retrieval.Tests;

/// <summary>A hash of what an index says, not of its files: equal for two indexes that hold and rank the same, however they came about.</summary>
/// <remarks>Covers the live chunks, every fact with its supporting chunks, and the BM25 rankings of titles taken from all over the index.</remarks>
internal static class IndexFingerprint
{
    private const int Queries = 32;
    private const int Ranks = 10;

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static async Task<string> OfAsync(ChunkIndex index, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (chunk, _) in index.Chunks)
        {
            Append(hash, "chunk", chunk.Id, chunk.DocumentId, Text(chunk.Ordinal), Text(chunk.Start), Text(chunk.End), chunk.Title, chunk.Text);
        }

        foreach (var (fact, support) in Facts(index))
        {
            Append(hash, "fact", fact.Head, fact.Relation, fact.Tail, string.Join('\n', support));
        }

        var retriever = new Bm25RetrieverOptions().Build(index);
        foreach (var query in QueriesOf(index))
        {
            Append(hash, "query", query);
            foreach (var hit in await retriever.SearchAsync(query, Ranks, cancellationToken))
            {
                // Rounded, because the last bits of a logarithm differ between processors.
                Append(hash, hit.Chunk.Id, hit.Score.ToString("F6", CultureInfo.InvariantCulture));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<(Fact Fact, IEnumerable<string> Support)> Facts(ChunkIndex index) => index.Chunks
        .SelectMany(indexed => indexed.Triplets.Select(fact => (Fact: fact, indexed.Chunk.Id)))
        .GroupBy(pair => pair.Fact, pair => pair.Id)
        .OrderBy(group => group.Key.Head, StringComparer.Ordinal).ThenBy(group => group.Key.Relation, StringComparer.Ordinal).ThenBy(group => group.Key.Tail, StringComparer.Ordinal)
        .Select(group => (group.Key, group.Distinct(StringComparer.Ordinal)));

    /// <summary>Titles (or beginnings of texts) of chunks evenly spread over the ordinal order of ids.</summary>
    private static IEnumerable<string> QueriesOf(ChunkIndex index)
    {
        var count = Math.Min(Queries, index.Chunks.Count);
        for (var i = 0; i < count; i++)
        {
            var chunk = index.Chunks[(int)((long)i * index.Chunks.Count / count)].Chunk;
            yield return chunk.Title.Length > 0 ? chunk.Title : chunk.Text[..Math.Min(chunk.Text.Length, 100)];
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Append(IncrementalHash hash, params ReadOnlySpan<string> record)
    {
        foreach (var field in record)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(field));
            hash.AppendData([0]);
        }
    }
}
