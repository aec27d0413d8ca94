using Lucene.Net.Analysis;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Directory = System.IO.Directory;
using LuceneDirectory = Lucene.Net.Store.Directory;

namespace Agentic.Retrieval;

/// <summary>The folder of an index: a manifest for people and version checks, and Lucene's files. What is finished is said by Lucene's commit alone.</summary>
internal sealed class IndexFolder
{
    private const string LuceneName = "lucene";

    private IndexFolder(string path, IndexManifest manifest) => (Path, Manifest) = (path, manifest);

    public string Path { get; }

    public IndexManifest Manifest { get; }

    private string LucenePath => System.IO.Path.Combine(Path, LuceneName);

    /// <summary>The index in a folder, finished or not.</summary>
    /// <exception cref="AgenticException">There is none, or it is of another version.</exception>
    public static IndexFolder Existing(string path) => new(path, IndexManifest.Read(path));

    /// <summary>The folder for a build: as it is when an index is or was begun there, otherwise made.</summary>
    /// <exception cref="IndexException">It holds something else and may not be overwritten, or cannot be written.</exception>
    public static IndexFolder Claim(string path, IndexManifest manifest, bool overwrite)
    {
        if (PathObstacle.ForFolder(path) is { } obstacle)
        {
            throw new IndexException(path, obstacle);
        }

        if (File.Exists(System.IO.Path.Combine(path, IndexManifest.FileName)) && !overwrite)
        {
            return Existing(path);
        }

        var isFree = !Directory.Exists(path) || Directory.EnumerateFileSystemEntries(path).All(entry => entry.EndsWith(".tmp", StringComparison.Ordinal));
        return isFree || overwrite
            ? new IndexFolder(path, manifest).Cleared(manifest)
            : throw new IndexException(path, "holds other files; choose an empty folder, or write into it with --force");
    }

    /// <summary>The folder with an empty index made with <paramref name="manifest"/>.</summary>
    public IndexFolder Cleared(IndexManifest manifest)
    {
        try
        {
            if (Directory.Exists(LucenePath))
            {
                // Taking the lock first: a build that is still running elsewhere must not lose its files.
                OpenWriter().Rollback();
                Directory.Delete(LucenePath, recursive: true);
            }

            // The manifest first: a kill before it leaves an empty folder, and one after it an index that was begun.
            Directory.CreateDirectory(Path);
            manifest.Write(Path);
            Directory.CreateDirectory(LucenePath);
            return new IndexFolder(Path, manifest);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IndexException(Path, $"cannot be written ({exception.Message}); choose another folder", exception);
        }
    }

    /// <summary>What the last commit says; null before the first.</summary>
    public CommitRecord? LastCommit()
    {
        using var directory = OpenDirectory();
        try
        {
            return Directory.Exists(LucenePath) && DirectoryReader.IndexExists(directory) ? CommitRecord.Of(SegmentInfosOf(directory).UserData) : null;
        }
        catch (IOException exception)
        {
            throw Damaged(exception);
        }
    }

    /// <summary>The last commit of a finished index.</summary>
    /// <exception cref="IndexException">It is not finished.</exception>
    public CommitRecord FinishedCommit() => LastCommit() is { IsComplete: true } done
        ? done
        : throw new IndexException(Path, "is not finished; run the same 'index build' again, it goes on where it stopped");

    /// <summary>The number of live chunks.</summary>
    public int LiveChunks()
    {
        using var reader = OpenReader();
        return reader.NumDocs;
    }

    /// <summary>Ids of the documents with a live chunk.</summary>
    public IReadOnlySet<string> LiveDocumentIds()
    {
        using var reader = OpenReader();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var leaf in reader.Leaves)
        {
            var terms = leaf.AtomicReader.GetTerms(LuceneDocuments.DocumentField)?.GetEnumerator();
            while (terms is not null && terms.MoveNext())
            {
                if (terms.Docs(leaf.AtomicReader.LiveDocs, null, DocsFlags.NONE).NextDoc() != DocIdSetIterator.NO_MORE_DOCS)
                {
                    ids.Add(terms.Term.Utf8ToString());
                }
            }
        }

        return ids;
    }

    /// <summary>A reader of the last complete state.</summary>
    public DirectoryReader OpenReader()
    {
        FinishedCommit();
        var directory = OpenDirectory();
        try
        {
            return DirectoryReader.Open(directory);
        }
        catch (IOException exception)
        {
            throw Damaged(exception);
        }
    }

    public IndexException Damaged(Exception exception) =>
        new(Path, $"is damaged ({exception.Message}); build it again with --force, or in another folder", exception);

    /// <summary>The one writer.</summary>
    /// <exception cref="IndexException">Another process is writing.</exception>
    private IndexWriter OpenWriter()
    {
        try
        {
            return OpenWriter(OpenDirectory());
        }
        catch (LockObtainFailedException exception)
        {
            throw new IndexException(Path, "is being written by another process; wait for it to end", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IndexException(Path, $"cannot be written ({exception.Message})", exception);
        }
    }

    /// <summary>Runs <paramref name="write"/> as the one writer; what it did not commit is dropped when it throws.</summary>
    /// <exception cref="IndexException">Another process is writing, or the disk refuses.</exception>
    public async Task<T> WriteAsync<T>(Func<IndexWriter, Task<T>> write)
    {
        var writer = OpenWriter();
        try
        {
            var result = await write(writer).ConfigureAwait(false);
            writer.Dispose();
            return result;
        }
        catch (IOException exception)
        {
            writer.Rollback();
            throw new IndexException(Path, $"cannot be written ({exception.Message}); make room and run the same command again", exception);
        }
        catch
        {
            writer.Rollback();
            throw;
        }
    }

    public static IndexWriter OpenWriter(LuceneDirectory directory) => new(directory, new IndexWriterConfig(LuceneVersion.LUCENE_48, new Unused())
    {
        RAMBufferSizeMB = 64,
        WriteLockTimeout = 0,
    });

    // The memory mapping that Lucene.Net would choose slows down with use (its weak references burden the garbage collector).
    private NIOFSDirectory OpenDirectory() => new(new DirectoryInfo(LucenePath), new NativeFSLockFactory());

    private static SegmentInfos SegmentInfosOf(LuceneDirectory directory)
    {
        var infos = new SegmentInfos();
        infos.Read(directory);
        return infos;
    }

    /// <summary>Fields carry their terms with them; Lucene only wants an analyzer to exist.</summary>
    private sealed class Unused : Lucene.Net.Analysis.Analyzer
    {
        protected override TokenStreamComponents CreateComponents(string fieldName, TextReader reader) => throw new NotSupportedException();
    }
}

/// <summary>A folder that cannot be used as an index as asked; the message says how to mend it.</summary>
/// <param name="path">The folder.</param>
/// <param name="reason">What is wrong with it.</param>
public sealed class IndexException(string path, string reason, Exception? inner = null) : AgenticException($"{path}: {reason}", inner)
{
    /// <summary>The folder.</summary>
    public string Path { get; } = path;
}
