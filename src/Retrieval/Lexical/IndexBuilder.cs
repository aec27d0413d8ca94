using System.ComponentModel.DataAnnotations;
using Lucene.Net.Index;

namespace Agentic.Retrieval;

/// <summary>How an index is built.</summary>
public sealed record IndexBuilderOptions
{
    /// <summary>How documents are cut.</summary>
    public ChunkerOptions Chunking { get; init; } = new();

    /// <summary>Documents between commits: what a kill can cost at most.</summary>
    [Range(1, 10_000_000)] public int DocumentsPerCommit { get; init; } = 2000;

    /// <summary>Documents are cut and read for facts on this many threads; 0 = one for each processor.</summary>
    [Range(0, 1024)] public int Threads { get; init; }

    /// <summary>True to replace an index with other content; other files in the folder are left alone.</summary>
    public bool Overwrite { get; init; }
}

/// <summary>How far a build or an update has come.</summary>
public readonly record struct IndexProgress(long Documents, long Chunks);

/// <summary>What a build or an update did.</summary>
/// <param name="Documents">Documents read from the corpus.</param>
/// <param name="Resumed">Of these (build), documents that an earlier, interrupted run had already taken over.</param>
/// <param name="Replaced">Of these (update), documents that took the place of an earlier one with their id.</param>
/// <param name="Unchanged">True when the index was already complete and nothing was written.</param>
/// <param name="Chunks">Live chunks of the index afterwards.</param>
/// <param name="Skipped">Files of the corpus folder that are not read.</param>
public sealed record IndexReport(long Documents, long Resumed, long Replaced, bool Unchanged, long Chunks, IReadOnlyList<SkippedFile> Skipped);

/// <summary>What a deletion did.</summary>
/// <param name="Deleted">Documents removed.</param>
/// <param name="Unknown">Ids that were not in the index, in ordinal order.</param>
public sealed record DeleteReport(int Deleted, IReadOnlyList<string> Unknown);

/// <summary>Makes and changes an index: the way into the Retrieval library.</summary>
/// <remarks>
/// One writer at a time, any number of readers. A build commits as it goes and continues after a kill when the same corpus is given again;
/// an update or a deletion is one commit, so that it happens whole or not at all. What is searched afterwards depends on the live
/// documents alone, never on how they came in.
/// </remarks>
/// <param name="options">Chunking; an update keeps to what the index was built with.</param>
/// <param name="extractor">Reads the facts of each chunk; null for an index without triplets.</param>
public sealed class IndexBuilder(IndexBuilderOptions options, ITripletExtractor? extractor = null)
{
    private readonly IndexBuilderOptions _options = OptionsGuard.Checked(options);

    private string TripletsId => extractor?.Id ?? IndexManifest.NoTriplets;

    /// <summary>Builds the index of a corpus in <paramref name="directory"/>, goes on with an interrupted build, or finds it already done.</summary>
    /// <exception cref="AgenticException">The corpus is broken, or the folder holds something else.</exception>
    public async Task<IndexReport> BuildAsync(string corpus, string directory, IProgress<IndexProgress>? progress, CancellationToken cancellationToken)
    {
        var manifest = new IndexManifest(IndexManifest.CurrentFormat, _options.Chunking.ChunkTokens, _options.Chunking.ChunkOverlap, TripletsId);
        var reader = CorpusReader.Open(corpus);
        var folder = IndexFolder.Claim(directory, manifest, _options.Overwrite);
        var done = folder.LastCommit();
        var continues = done is not null && folder.Manifest == manifest && await BeginsWithAsync(corpus, done, cancellationToken).ConfigureAwait(false);
        if (done is { IsComplete: true } && !_options.Overwrite)
        {
            return continues
                ? new IndexReport(done.Documents, done.Documents, 0, Unchanged: true, folder.LiveChunks(), reader.Skipped)
                : throw new IndexException(directory, "holds the finished index of another corpus or of other settings, or was changed since; use 'index update', another folder, or overwrite it with --force");
        }

        if (!continues && done is { Documents: > 0 } && !_options.Overwrite)
        {
            throw new IndexException(directory, "holds the beginning of an index of another corpus or of other settings; use another folder, or overwrite it with --force");
        }

        if (!continues)
        {
            folder = folder.Cleared(manifest);
            done = null;
        }

        var writing = new IndexWriting(folder, new Chunker(_options.Chunking), extractor, _options) { Progress = progress };
        var count = await writing.AddAsync(reader, done, cancellationToken).ConfigureAwait(false);
        return new IndexReport(count, done?.Documents ?? 0, 0, Unchanged: false, folder.LiveChunks(), reader.Skipped);
    }

    /// <summary>Takes over the documents of a corpus: those of known id replace the earlier ones, the others are added. One commit at the end.</summary>
    /// <exception cref="AgenticException">The corpus is broken, or the index is missing, unfinished or was built with another extractor; nothing has changed then.</exception>
    public async Task<IndexReport> UpdateAsync(string corpus, string directory, IProgress<IndexProgress>? progress, CancellationToken cancellationToken)
    {
        var reader = CorpusReader.Open(corpus);
        var folder = IndexFolder.Existing(directory);
        if (folder.Manifest.Triplets != TripletsId)
        {
            throw new IndexException(directory, $"was built with triplets '{folder.Manifest.Triplets}', not '{TripletsId}'; update it with the same source of triplets (--triplets)");
        }

        folder.FinishedCommit();
        var chunker = new Chunker(new ChunkerOptions { ChunkTokens = folder.Manifest.ChunkTokens, ChunkOverlap = folder.Manifest.ChunkOverlap });
        var writing = new IndexWriting(folder, chunker, extractor, _options) { Progress = progress };
        var (count, replaced) = await writing.ReplaceAsync(reader, cancellationToken).ConfigureAwait(false);
        return new IndexReport(count, 0, replaced, Unchanged: false, folder.LiveChunks(), reader.Skipped);
    }

    /// <summary>Removes documents by id, in one commit; unknown ids change nothing.</summary>
    /// <exception cref="AgenticException">The index is missing or unfinished.</exception>
    public static Task<DeleteReport> DeleteAsync(string directory, IEnumerable<string> ids)
    {
        var folder = IndexFolder.Existing(directory);
        folder.FinishedCommit();
        return folder.WriteAsync(writer =>
        {
            var done = folder.FinishedCommit();
            var live = folder.LiveDocumentIds();
            var wanted = ids.Distinct(StringComparer.Ordinal).ToLookup(live.Contains);
            var terms = wanted[true].Select(LuceneDocuments.OfDocument).ToArray();
            if (terms.Length > 0)
            {
                writer.DeleteDocuments(terms);
                writer.SetCommitData((done with { Changes = done.Changes + 1 }).ToUserData());
                writer.Commit();
            }

            return Task.FromResult(new DeleteReport(terms.Length, [.. wanted[false].Order(StringComparer.Ordinal)]));
        });
    }

    /// <summary>True when the corpus begins with the documents of a commit (ends with them too, when it is complete).</summary>
    private static async Task<bool> BeginsWithAsync(string corpus, CommitRecord done, CancellationToken cancellationToken)
    {
        if (done.Changes > 0)
        {
            return false;
        }

        using var digest = new CorpusDigest();
        var documents = CorpusReader.Open(corpus).ReadAsync(cancellationToken);
        await foreach (var document in documents.ConfigureAwait(false))
        {
            if (digest.Documents == done.Documents)
            {
                return !done.IsComplete && digest.Value == done.Digest;
            }

            digest.Append(document);
        }

        return digest.Documents == done.Documents && digest.Value == done.Digest;
    }
}
