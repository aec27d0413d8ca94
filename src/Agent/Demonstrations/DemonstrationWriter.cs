namespace Agentic.Agent;

/// <summary>Writes a demonstration file as a whole: its name stands for nothing until <see cref="CommitAsync"/>.</summary>
public sealed class DemonstrationWriter : IAsyncDisposable
{
    private readonly WholeJsonLines _lines;

    private DemonstrationWriter(WholeJsonLines lines) => _lines = lines;

    /// <summary>Rows written so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Opens a file beside <paramref name="path"/> and writes the header; compressed when the name ends with .gz.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async Task<DemonstrationWriter> CreateAsync(string path, DemonstrationHeader header, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        var lines = WholeJsonLines.Create(path);
        await lines.AddAsync(DemonstrationJson.Of(header), cancellationToken).ConfigureAwait(false);
        return new DemonstrationWriter(lines);
    }

    /// <summary>Adds a row.</summary>
    public async Task WriteAsync(Demonstration demonstration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        await _lines.AddAsync(DemonstrationJson.Of(demonstration), cancellationToken).ConfigureAwait(false);
        Rows++;
    }

    /// <summary>Puts the file in its place; nothing can be written afterwards.</summary>
    public Task CommitAsync() => _lines.CommitAsync();

    /// <summary>Removes what was not committed.</summary>
    public ValueTask DisposeAsync() => _lines.DisposeAsync();
}
