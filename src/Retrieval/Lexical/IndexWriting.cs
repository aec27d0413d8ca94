using Lucene.Net.Index;

namespace Agentic.Retrieval;

/// <summary>One run of a writer over a corpus: documents are read ahead in batches, cut and read for facts in parallel, and committed.</summary>
internal sealed class IndexWriting(IndexFolder folder, Chunker chunker, ITripletExtractor? extractor, IndexBuilderOptions options)
{
    private const int BatchSize = 128;

    private readonly ChunkWriter.Pool _writers = new();
    private long _chunks;

    public IProgress<IndexProgress>? Progress { get; init; }

    /// <summary>Adds the documents after those of <paramref name="done"/>, with commits on the way; returns how many the corpus has.</summary>
    public Task<long> AddAsync(CorpusReader corpus, CommitRecord? done, CancellationToken cancellationToken) => folder.WriteAsync(async writer =>
    {
        using var digest = new CorpusDigest();
        var committed = done?.Documents ?? 0;
        void CommitIfDue(Batch next)
        {
            if (next.Start - committed >= options.DocumentsPerCommit)
            {
                committed = next.Start;
                Commit(writer, new CommitRecord(committed, next.DigestBefore, IsComplete: false, Changes: 0));
            }
        }

        await AllAsync(corpus, committed, digest, CommitIfDue, document => Write(document, documents => writer.AddDocuments(documents)), cancellationToken).ConfigureAwait(false);
        Commit(writer, new CommitRecord(digest.Documents, digest.Value, IsComplete: true, Changes: 0));
        return digest.Documents;
    });

    /// <summary>Replaces or adds every document of a corpus in one commit; returns how many there were and how many replaced another.</summary>
    public Task<(long Documents, long Replaced)> ReplaceAsync(CorpusReader corpus, CancellationToken cancellationToken) => folder.WriteAsync(async writer =>
    {
        using var digest = new CorpusDigest();
        var done = folder.FinishedCommit();
        var live = folder.LiveDocumentIds();
        var replaced = 0L;
        await AllAsync(
            corpus,
            skip: 0,
            digest,
            batch => replaced += batch.Documents.Count(document => live.Contains(document.Id)),
            document => Write(document, documents => writer.UpdateDocuments(LuceneDocuments.OfDocument(document.Id), documents)),
            cancellationToken).ConfigureAwait(false);
        Commit(writer, done with { Changes = done.Changes + 1 });
        return (digest.Documents, replaced);
    });

    private static void Commit(IndexWriter writer, CommitRecord record)
    {
        writer.SetCommitData(record.ToUserData());
        writer.Commit();
    }

    /// <summary>Writes batch after batch; the next one is read while one is written, and all of it is written when this returns or throws.</summary>
    /// <param name="before">Called before a batch, when all earlier ones are written.</param>
    private async Task AllAsync(
        CorpusReader corpus, long skip, CorpusDigest digest, Action<Batch> before, Action<Document> write, CancellationToken cancellationToken)
    {
        var pending = Task.CompletedTask;
        try
        {
            await foreach (var batch in Batches(corpus, skip, digest, cancellationToken).ConfigureAwait(false))
            {
                await pending.ConfigureAwait(false);
                before(batch);
                Progress?.Report(new IndexProgress(batch.Start, Interlocked.Read(ref _chunks)));
                pending = ForEach(batch.Documents, write, cancellationToken);
            }

            await pending.ConfigureAwait(false);
            Progress?.Report(new IndexProgress(digest.Documents, _chunks));
        }
        finally
        {
            // The writer may only be closed when nobody writes any more.
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async IAsyncEnumerable<Batch> Batches(
        CorpusReader corpus, long skip, CorpusDigest digest, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var documents = new List<Document>(BatchSize);
        var before = "";
        await foreach (var document in corpus.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (digest.Documents >= skip)
            {
                before = documents.Count == 0 ? digest.Value : before;
                documents.Add(document);
            }

            digest.Append(document);
            if (documents.Count == BatchSize)
            {
                yield return new Batch(documents, digest.Documents - documents.Count, before);
                documents = new List<Document>(BatchSize);
            }
        }

        if (documents.Count > 0)
        {
            yield return new Batch(documents, digest.Documents - documents.Count, before);
        }
    }

    private Task ForEach(IReadOnlyList<Document> documents, Action<Document> write, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
        };
        return Parallel.ForEachAsync(documents, parallel, (document, _) =>
        {
            write(document);
            return ValueTask.CompletedTask;
        });
    }

    private void Write(Document document, Action<IEnumerable<Lucene.Net.Documents.Document>> write)
    {
        var chunks = chunker.Cut(document).Select(chunk => new IndexedChunk(chunk, extractor?.Extract(chunk) ?? [])).ToList();
        _writers.Use(writer => write(chunks.Select(writer.Fill)));
        Interlocked.Add(ref _chunks, chunks.Count);
    }

    /// <param name="Start">Documents of the corpus before this batch.</param>
    /// <param name="DigestBefore">Their digest.</param>
    private sealed record Batch(IReadOnlyList<Document> Documents, long Start, string DigestBefore);
}
