using System.Runtime.CompilerServices;

namespace Agentic.Retrieval;

/// <summary>Opens files of text, decompressing those that are gzip by their first bytes.</summary>
internal static class TextSource
{
    /// <exception cref="AgenticException">The file is missing, unreadable or named .gz without being gzip.</exception>
    public static Stream Open(string path)
    {
        try
        {
            var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 });
            Span<byte> magic = stackalloc byte[2];
            var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
            file.Position = 0;
            if (!isGzip && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                file.Dispose();
                throw new InputFormatException(path, 0, "is named .gz but is not gzip; compress it again or remove the ending");
            }

            return isGzip ? new CheckedGzipStream(file) : file;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AgenticException($"{path} does not exist", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new AgenticException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The lines of a text file that are not blank, with their 1-based numbers; for small tables, not for documents.</summary>
    public static async IAsyncEnumerable<(long Number, string Line)> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Open(path));
        for (var number = 1L; ; number++)
        {
            string? line;
            try
            {
                line = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException exception)
            {
                throw Damaged(path, number, exception);
            }

            if (line is null)
            {
                yield break;
            }

            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return (number, line);
            }
        }
    }

    public static InputFormatException Damaged(string path, long line, Exception exception) =>
        new(path, line, "the gzip data is damaged or cut off; copy or compress the file again", exception);
}
