using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Agentic.Agent;

/// <summary>A JSON Lines file that is written as a whole, plain or .gz: its name stands for nothing until <see cref="CommitAsync"/>.</summary>
internal sealed class WholeJsonLines : IAsyncDisposable
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    private readonly string _path;
    private readonly string _temporary;
    private readonly Stream _stream;

    private WholeJsonLines(string path, string temporary, Stream stream) => (_path, _temporary, _stream) = (path, temporary, stream);

    /// <summary>Opens a file beside <paramref name="path"/>.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static WholeJsonLines Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".tmp";
        Stream file = File.Create(temporary);
        return new WholeJsonLines(path, temporary, path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file);
    }

    public Task AddAsync(JsonObject json, CancellationToken cancellationToken) =>
        AddAsync(Encoding.UTF8.GetBytes(json.ToJsonString(new() { Encoder = DemonstrationJson.Encoder })), cancellationToken);

    public async Task AddAsync(byte[] json, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(json, cancellationToken).ConfigureAwait(false);
        await _stream.WriteAsync(NewLine, cancellationToken).ConfigureAwait(false);
    }

    public async Task CommitAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        File.Move(_temporary, _path, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        File.Delete(_temporary);
    }
}
