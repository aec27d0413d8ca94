using System.Runtime.CompilerServices;

namespace Agentic.Retrieval;

/// <summary>A file of a corpus folder that was left out, and why.</summary>
public sealed record SkippedFile(string Path, string Reason);

/// <summary>Reads the documents of a corpus, whatever its kind: the one entry for everything that can be indexed.</summary>
/// <remarks>
/// A file: JSON Lines of <c>{id, title, text}</c> (<c>_id</c> is accepted, title may be missing), or the question files of HotpotQA, 2WikiMultihopQA
/// and MuSiQue, whose paragraphs become documents; each also as .gz. Or one .txt or .md file.
/// A folder: with a corpus.jsonl in it (BEIR), otherwise its .txt and .md files, recursively.
/// Documents stream in bounded memory, except for the ids already seen.
/// </remarks>
public sealed class CorpusReader
{
    private static readonly string[] BeirNames = ["corpus.jsonl", "corpus.jsonl.gz"];

    private readonly string _path;
    private readonly TextFolder? _folder;

    private CorpusReader(string path, TextFolder? folder) => (_path, _folder) = (path, folder);

    /// <summary>Files of a folder that are not read: of another kind, or empty. Complete once the documents have been read.</summary>
    public IReadOnlyList<SkippedFile> Skipped => _folder?.Skipped ?? [];

    /// <summary>Looks at <paramref name="path"/> and chooses how to read it.</summary>
    /// <exception cref="AgenticException">Nothing is there, or it is of a kind that cannot be read.</exception>
    public static CorpusReader Open(string path)
    {
        if (Directory.Exists(path))
        {
            var beir = BeirNames.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists);
            return beir is null ? new CorpusReader(path, TextFolder.List(path)) : new CorpusReader(beir, null);
        }

        if (!File.Exists(path))
        {
            throw new AgenticException($"{path} does not exist; name a corpus file or folder");
        }

        if (TextFolder.IsText(path))
        {
            return new CorpusReader(path, TextFolder.OfFile(path));
        }

        return TextFolder.WhyUnread(path) is { } reason && !IsJson(path)
            ? throw new AgenticException($"{path}: {reason}; give JSON Lines, text or Markdown")
            : new CorpusReader(path, null);
    }

    /// <summary>The documents in the order of the corpus.</summary>
    /// <exception cref="InputFormatException">Something in it is broken, an id is repeated, or a row has no text; names file and line.</exception>
    public async IAsyncEnumerable<Document> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var documents = _folder is null ? JsonCorpus.ReadAsync(_path, cancellationToken) : _folder.ReadAsync(cancellationToken);
        var count = 0L;
        await foreach (var document in documents.ConfigureAwait(false))
        {
            count++;
            yield return document;
        }

        if (count == 0)
        {
            var others = Skipped.Count > 0 ? $" ({Skipped.Count} files of other kinds were skipped)" : "";
            throw new InputFormatException(_path, 0, $"holds no documents{others}; give JSON Lines of {{id, title, text}}, text or Markdown");
        }
    }

    private static bool IsJson(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToUpperInvariant() is ".JSONL" or ".JSON" or ".NDJSON" or "";
    }
}
