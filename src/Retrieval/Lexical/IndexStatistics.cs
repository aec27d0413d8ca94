namespace Agentic.Retrieval;

/// <summary>What an index holds, for people.</summary>
/// <param name="Documents">Live documents.</param>
/// <param name="Chunks">Live chunks.</param>
/// <param name="Facts">Facts over all chunks, repetitions in different chunks included.</param>
/// <param name="Terms">Terms of the English field over all chunks, repetitions included.</param>
/// <param name="Bytes">Size of the folder on disk.</param>
/// <param name="Manifest">What it was built with.</param>
public sealed record IndexStatistics(int Documents, int Chunks, int Facts, long Terms, long Bytes, IndexManifest Manifest)
{
    /// <summary>Counts the index in a folder.</summary>
    /// <exception cref="AgenticException">The folder holds no finished index.</exception>
    public static IndexStatistics Of(string directory)
    {
        using var index = ChunkIndex.Open(directory);
        return new IndexStatistics(
            index.Chunks.Select(indexed => indexed.Chunk.DocumentId).Distinct(StringComparer.Ordinal).Count(),
            index.Chunks.Count,
            index.Chunks.Sum(indexed => indexed.Triplets.Count),
            index.Field(Analyzer.English).Lengths.Sum(length => (long)length),
            new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
            IndexManifest.Read(directory));
    }
}
