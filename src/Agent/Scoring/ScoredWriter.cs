namespace Agentic.Agent;

/// <summary>Writes a file of scored trajectories as a whole: its name stands for nothing until <see cref="CommitAsync"/>.</summary>
public sealed class ScoredWriter : IAsyncDisposable
{
    private readonly WholeJsonLines _lines;

    private ScoredWriter(WholeJsonLines lines) => _lines = lines;

    /// <summary>Opens a file beside <paramref name="path"/> and writes the header; compressed when the name ends with .gz.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async Task<ScoredWriter> CreateAsync(string path, DemonstrationHeader header, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        var lines = WholeJsonLines.Create(path);
        await lines.AddAsync(DemonstrationJson.Of(header, ScoredJson.Kind), cancellationToken).ConfigureAwait(false);
        return new ScoredWriter(lines);
    }

    /// <summary>Adds a trajectory.</summary>
    public Task WriteAsync(ScoredTrajectory scored, CancellationToken cancellationToken) => _lines.AddAsync(ScoredJson.Of(scored), cancellationToken);

    /// <summary>Puts the file in its place; nothing can be written afterwards.</summary>
    public Task CommitAsync() => _lines.CommitAsync();

    /// <summary>Removes what was not committed.</summary>
    public ValueTask DisposeAsync() => _lines.DisposeAsync();
}
