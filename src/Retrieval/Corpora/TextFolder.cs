using System.Runtime.CompilerServices;
using System.Text;

namespace Agentic.Retrieval;

/// <summary>The text and Markdown files of a folder, one document each: id = relative path with '/', title = first heading or file name.</summary>
internal sealed class TextFolder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _root;
    private readonly IReadOnlyList<string> _files;
    private readonly List<SkippedFile> _skipped;

    private TextFolder(string root, IReadOnlyList<string> files, List<SkippedFile> skipped) =>
        (_root, _files, _skipped) = (root, files, skipped);

    public IReadOnlyList<SkippedFile> Skipped => _skipped;

    public static bool IsText(string path) => Path.GetExtension(path).ToUpperInvariant() is ".TXT" or ".TEXT" or ".MD" or ".MARKDOWN";

    /// <summary>Why a file is not read, in words for the user.</summary>
    public static string WhyUnread(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PDF" => "PDF is not yet supported",
        ".HTML" or ".HTM" => "HTML is not yet supported",
        ".DOCX" or ".DOC" => "Word documents are not yet supported",
        "" => "has no ending that says its kind",
        var ending => $"{ending.ToLowerInvariant()} files are not read",
    };

    public static TextFolder OfFile(string path) => new(Path.GetDirectoryName(Path.GetFullPath(path))!, [Path.GetFullPath(path)], []);

    /// <summary>Hidden files and folders are passed over without mention, links to folders are not followed.</summary>
    public static TextFolder List(string root)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };
        var all = Directory.EnumerateFiles(root, "*", options).OrderBy(path => IdOf(root, path), StringComparer.Ordinal).ToList();
        var skipped = all.Where(path => !IsText(path)).Select(path => new SkippedFile(path, WhyUnread(path))).ToList();
        return new TextFolder(root, [.. all.Where(IsText)], skipped);
    }

    public async IAsyncEnumerable<Document> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in _files)
        {
            var text = await TextAsync(file, cancellationToken).ConfigureAwait(false);
            if (string.IsNullOrWhiteSpace(text))
            {
                _skipped.Add(new SkippedFile(file, "is empty"));
                continue;
            }

            yield return new Document(IdOf(_root, file), TitleOf(file, text), text);
        }
    }

    private static string IdOf(string root, string file) => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');

    private static async Task<string> TextAsync(string file, CancellationToken cancellationToken)
    {
        if (new FileInfo(file).Length > JsonRecordReader.MaxRecordBytes)
        {
            throw new InputFormatException(file, 0, $"is longer than {JsonRecordReader.MaxRecordBytes / (1024 * 1024)} MiB, the most one document may have; split it");
        }

        var bytes = await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
        try
        {
            return Strict.GetString(bytes).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException exception)
        {
            var line = 1 + bytes.AsSpan(0, Math.Max(0, exception.Index)).Count((byte)'\n');
            throw new InputFormatException(file, line, "is not valid UTF-8; save the file in that encoding", exception);
        }
    }

    private static string TitleOf(string file, string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var heading = line.Trim();
            if (heading.StartsWith('#') && heading.TrimStart('#') is { Length: > 0 } words && words[0] == ' ')
            {
                return words.Trim().TrimEnd('#').TrimEnd().ToString();
            }
        }

        return Path.GetFileNameWithoutExtension(file);
    }
}
