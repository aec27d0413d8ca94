using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Agentic.Agent;

/// <summary>Forms in which trajectories leave.</summary>
public enum TrajectoryForm
{
    /// <summary>As <see cref="TrajectoryFile"/> reads them; nothing is lost.</summary>
    Own,

    /// <summary>OpenAI chat messages: <c>{"id", "messages": [...]}</c>.</summary>
    Openai,

    /// <summary>Agent Trajectory Interchange Format, version 1.4, one document a line.</summary>
    Atif,
}

/// <summary>Writes a collection as JSON Lines, in the order of its plan, so that equal collections give equal files but for timings.</summary>
public static class TrajectoryExport
{
    internal static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly byte[] NewLine = [(byte)'\n'];

    /// <summary>Writes the rows; one trajectory is in memory at a time.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> WriteAsync(CollectionFolder collection, TrajectoryForm form, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(collection);
        var rows = 0;
        var file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            foreach (var line in form == TrajectoryForm.Own ? collection.StoredLines() : collection.Read().Select(trajectory => Bytes(trajectory, form)))
            {
                await file.WriteAsync(line, cancellationToken).ConfigureAwait(false);
                await file.WriteAsync(NewLine, cancellationToken).ConfigureAwait(false);
                rows++;
            }
        }

        return rows;
    }

    private static byte[] Bytes(Trajectory trajectory, TrajectoryForm form) =>
        Encoding.UTF8.GetBytes((form == TrajectoryForm.Atif ? AtifExport.Of(trajectory) : OpenAiExport.Of(trajectory)).ToJsonString(Json));
}
