using System.IO.Compression;

namespace Agentic.Agent;

/// <summary>Writes a demonstration file as a whole: its name stands for nothing until <see cref="CommitAsync"/>.</summary>
public sealed class DemonstrationWriter : IAsyncDisposable
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    private readonly string _path;
    private readonly string _temporary;
    private readonly Stream _stream;

    private DemonstrationWriter(string path, string temporary, Stream stream) => (_path, _temporary, _stream) = (path, temporary, stream);

    /// <summary>Rows written so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Opens a file beside <paramref name="path"/> and writes the header; compressed when the name ends with .gz.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async Task<DemonstrationWriter> CreateAsync(string path, DemonstrationHeader header, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".tmp";
        Stream file = File.Create(temporary);
        var writer = new DemonstrationWriter(path, temporary, path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file);
        await writer.LineAsync(System.Text.Encoding.UTF8.GetBytes(DemonstrationJson.Of(header).ToJsonString(new() { Encoder = DemonstrationJson.Encoder })), cancellationToken).ConfigureAwait(false);
        return writer;
    }

    /// <summary>Adds a row.</summary>
    public async Task WriteAsync(Demonstration demonstration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        await LineAsync(DemonstrationJson.Of(demonstration), cancellationToken).ConfigureAwait(false);
        Rows++;
    }

    /// <summary>Puts the file in its place; nothing can be written afterwards.</summary>
    public async Task CommitAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        File.Move(_temporary, _path, overwrite: true);
    }

    /// <summary>Removes what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        File.Delete(_temporary);
    }

    private async Task LineAsync(byte[] json, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(json, cancellationToken).ConfigureAwait(false);
        await _stream.WriteAsync(NewLine, cancellationToken).ConfigureAwait(false);
    }
}
