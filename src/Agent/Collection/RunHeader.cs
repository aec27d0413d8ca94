using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The small file beside what a run writes that says which configuration it belongs to.</summary>
internal static class RunHeader
{
    private const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string PathOf(string trajectoryPath) => trajectoryPath + ".run.json";

    /// <summary>Makes sure that what is at <paramref name="trajectoryPath"/> belongs to <paramref name="configuration"/>, and writes the header when nothing is there.</summary>
    /// <returns>The header, locked: no other process gets it until this is disposed.</returns>
    /// <exception cref="AgenticException">Something else is there, or a run of another configuration.</exception>
    public static FileStream Claim(string trajectoryPath, RunConfiguration configuration) =>
        Claim(PathOf(trajectoryPath), trajectoryPath, File.Exists(trajectoryPath) && new FileInfo(trajectoryPath).Length > 0, configuration);

    /// <summary>The same for a run that writes something else.</summary>
    /// <param name="path">The header.</param>
    /// <param name="subject">What the run writes, for messages.</param>
    /// <param name="isOccupied">True when something is there already.</param>
    public static FileStream Claim(string path, string subject, bool isOccupied, RunConfiguration configuration)
    {
        if (!File.Exists(path))
        {
            if (isOccupied)
            {
                throw new AgenticException($"{subject} exists and is not the beginning of this run ({path} is missing). Name another place, or start it over with --force");
            }

            Write(path, configuration);
        }

        var header = Lock(path);
        try
        {
            var differences = configuration.DifferencesFrom(Read(path, header));
            if (differences.Count > 0)
            {
                throw new AgenticException(
                    $"{subject} was begun with another configuration: {string.Join("; ", differences)}. Run with the same configuration, name another place, or start it over with --force");
            }

            return header;
        }
        catch
        {
            header.Dispose();
            throw;
        }
    }

    /// <summary>Opens the header for one process alone.</summary>
    public static FileStream Lock(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

    private static RunConfiguration Read(string path, FileStream stream)
    {
        try
        {
            var header = JsonSerializer.Deserialize<Header>(stream, Json);
            return header is { Format: CurrentFormat } ? new RunConfiguration(header.Configuration) : throw new JsonException("another format");
        }
        catch (JsonException damage)
        {
            throw new InputFormatException(path, 0, $"not the header of a run ({damage.Message}); restore it, or start the run over with --force", damage);
        }
    }

    // Renamed into place: a header is whole or absent.
    private static void Write(string path, RunConfiguration configuration)
    {
        var temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, new Header(CurrentFormat, configuration.RunId, configuration.Values), Json);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private sealed record Header(int Format, string RunId, IReadOnlyDictionary<string, string> Configuration);
}
