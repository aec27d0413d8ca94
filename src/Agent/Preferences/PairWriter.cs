namespace Agentic.Agent;

/// <summary>Writes a file of preference pairs as a whole: its name stands for nothing until <see cref="CommitAsync"/>.</summary>
public sealed class PairWriter : IAsyncDisposable
{
    private readonly WholeJsonLines _lines;

    private PairWriter(WholeJsonLines lines) => _lines = lines;

    /// <summary>Pairs written so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Opens a file beside <paramref name="path"/> and writes the header; compressed when the name ends with .gz.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async Task<PairWriter> CreateAsync(string path, DemonstrationHeader header, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        var lines = WholeJsonLines.Create(path);
        await lines.AddAsync(PairJson.Of(header), cancellationToken).ConfigureAwait(false);
        return new PairWriter(lines);
    }

    /// <summary>Adds a pair.</summary>
    /// <exception cref="ArgumentException">It is one that the reader would refuse.</exception>
    public async Task WriteAsync(PreferencePair pair, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pair);
        try
        {
            PairRules.Check(pair.Prompt, pair.Chosen, pair.Rejected);
        }
        catch (PairFieldException problem)
        {
            throw new ArgumentException($"pair {pair.Id}, {problem.Field}: {problem.Message}", nameof(pair), problem);
        }

        await _lines.AddAsync(PairJson.Of(pair), cancellationToken).ConfigureAwait(false);
        Rows++;
    }

    /// <summary>Puts the file in its place; nothing can be written afterwards.</summary>
    public Task CommitAsync() => _lines.CommitAsync();

    /// <summary>Removes what was not committed.</summary>
    public ValueTask DisposeAsync() => _lines.DisposeAsync();
}
