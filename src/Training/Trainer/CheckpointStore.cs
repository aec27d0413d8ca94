using System.Globalization;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>The checkpoints of a run: folders <c>update-N</c>, each a model's folder with the optimizer's state and a manifest of hashes.</summary>
internal sealed class CheckpointStore(string folder, int kept, Action<string> warn)
{
    private const string Prefix = "update-";
    private const string StateName = "state.json";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Where they lie.</summary>
    public string Folder => folder;

    /// <summary>The newest checkpoint that is whole; a damaged one is passed over with a warning. Null when there is none.</summary>
    public (string Path, TrainingState State)? Newest()
    {
        foreach (var path in Paths().Reverse())
        {
            if (AtomicFolder.Damage(path) is { } damage)
            {
                warn($"{path} is damaged ({damage}); going on from the checkpoint before it");
            }
            else
            {
                return (path, StateOf(path));
            }
        }

        return null;
    }

    /// <summary>Writes a checkpoint, then removes those that are neither among the latest nor the best.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="fill">Writes the rest into the folder it is given.</param>
    public void Write(TrainingState state, Action<string> fill)
    {
        Directory.CreateDirectory(folder);
        AtomicFolder.Write(PathOf(state.Update), temporary =>
        {
            fill(temporary);
            File.WriteAllBytes(Path.Combine(temporary, StateName), JsonSerializer.SerializeToUtf8Bytes(state, Json));
        });
        Prune();
    }

    /// <summary>The checkpoint with the lowest score, the earliest of equals; null when none has one.</summary>
    public string? Best() => Paths()
        .Select(path => (Path: path, Score: ScoreOf(path)))
        .Where(checkpoint => checkpoint.Score is not null)
        .OrderBy(checkpoint => checkpoint.Score)
        .Select(checkpoint => checkpoint.Path)
        .FirstOrDefault();

    private void Prune()
    {
        var best = Best();
        foreach (var path in Paths().SkipLast(kept).Where(path => path != best))
        {
            AtomicFolder.Remove(path);
        }
    }

    private string PathOf(int update) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{update:D8}"));

    /// <summary>Every checkpoint, oldest first; half-written ones are not among them.</summary>
    private string[] Paths() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder, Prefix + "*")
            .Where(path => int.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Order(StringComparer.Ordinal),
    ];

    // A damaged one has none: it must not keep a sound one from being the best.
    private static double? ScoreOf(string path)
    {
        try
        {
            return StateOf(path).Score;
        }
        catch (Exception damage) when (damage is InputFormatException or IOException)
        {
            return null;
        }
    }

    private static TrainingState StateOf(string path)
    {
        var file = Path.Combine(path, StateName);
        try
        {
            var state = JsonSerializer.Deserialize<TrainingState>(File.ReadAllBytes(file), Json);
            return state is { Format: TrainingState.CurrentFormat } ? state : throw new JsonException("another format");
        }
        catch (JsonException damage)
        {
            throw new InputFormatException(file, 0, $"is not the state of a run ({damage.Message}); remove {path}, or start the run over with --force", damage);
        }
    }
}
