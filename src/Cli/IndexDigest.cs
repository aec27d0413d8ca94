using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>The hash of an index: its live chunks, its triplets with their support, and what fixed queries find in it.</summary>
/// <remarks>How the index came about does not show: in one go or after a kill, by building or by updating and deleting.</remarks>
internal static class IndexDigest
{
    /// <summary>Queries put to every retriever that needs nothing but the index, spread evenly over the chunks.</summary>
    private const int Queries = 20;

    private const int Depth = 10;

    /// <summary>Fewer digits than a double has, so that another processor's last bit does not show.</summary>
    private const string ScoreFormat = "0.#########";

    public static async Task<string> OfAsync(string folder, CancellationToken cancellationToken)
    {
        using var index = ChunkIndex.Open(folder);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendContent(hash, index);
        await AppendRankingsAsync(hash, index, cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The hash of chunks and triplets alone: what decides the outcome of a run over the index.</summary>
    public static string OfContent(ChunkIndex index)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendContent(hash, index);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendContent(IncrementalHash hash, ChunkIndex index)
    {
        foreach (var (chunk, _) in index.Chunks)
        {
            Append(hash, "chunk", chunk.Id, chunk.DocumentId, chunk.Title, chunk.Text, chunk.Start.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var triplet in KnowledgeGraph.Freeze(index.Chunks).Triplets)
        {
            Append(hash, ["triplet", triplet.Head, triplet.Relation, triplet.Tail, .. triplet.SupportingChunkIds]);
        }
    }

    private static async Task AppendRankingsAsync(IncrementalHash hash, ChunkIndex index, CancellationToken cancellationToken)
    {
        foreach (var (kind, type) in OptionKinds.Of(typeof(RetrieverOptions)))
        {
            var retriever = ((RetrieverOptions)OptionsShape.Default(type)!).Build(index);
            var queries = Math.Min(Queries, index.Chunks.Count);
            for (var i = 0; i < queries; i++)
            {
                var chunk = index.Chunks[(int)((long)i * index.Chunks.Count / queries)].Chunk;
                var hits = await retriever.SearchAsync($"{chunk.Title} {FirstWords(chunk.Text)}", Depth, cancellationToken).ConfigureAwait(false);
                foreach (var hit in hits)
                {
                    Append(hash, kind, i.ToString(CultureInfo.InvariantCulture), hit.Chunk.Id, hit.Score.ToString(ScoreFormat, CultureInfo.InvariantCulture));
                }
            }
        }
    }

    private static string FirstWords(string text) => string.Join(' ', text.Split(' ', 9).Take(8));

    /// <summary>Length first, so that no two lists of parts run into the same bytes.</summary>
    private static void Append(IncrementalHash hash, params IEnumerable<string> parts)
    {
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
