using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A line of a trajectory file: identity and checksum first, then the attempt.</summary>
internal sealed record TrajectoryLine(
    int Format,
    string RunId,
    string TaskId,
    int Attempt,
    string IdemKey,
    string Sha256,
    string PolicyId,
    string Seed,
    string Question,
    StopReason Stop,
    string? Answer,
    string? Problem,
    TokenCounts Tokens,
    double Seconds,
    IReadOnlyList<Step> Steps,
    IReadOnlyList<Segment> Segments);

/// <summary>Trajectories as JSON, one object a line, snake_case.</summary>
/// <remarks>
/// <c>sha256</c> is the hash of the line's own UTF-8 bytes, without the newline, with the 64 hex digits of the field itself written as zeros: any reader can check it without knowing the fields.
/// </remarks>
internal static class TrajectoryJson
{
    public const int CurrentFormat = 1;

    private const string Sha256Key = "\"sha256\":\"";
    private static readonly string NoHash = new('0', 64);

    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new EvidenceJson() },
    };

    public static string NameOf(StopReason stop) => JsonNamingPolicy.SnakeCaseLower.ConvertName(stop.ToString());

    /// <summary>The line without its newline.</summary>
    public static byte[] Write(string runId, string configurationHash, Trajectory trajectory)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(LineOf(runId, configurationHash, trajectory), Options);
        var hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(line)));
        hash.CopyTo(line, HashOffset(line));
        return line;
    }

    /// <summary>Reads a line back.</summary>
    /// <exception cref="FormatException">The line is damaged or of another format; the message says how.</exception>
    public static TrajectoryLine Read(ReadOnlySpan<byte> line)
    {
        TrajectoryLine read;
        try
        {
            read = JsonSerializer.Deserialize<TrajectoryLine>(line, Options) ?? throw new FormatException("null is no trajectory");
        }
        catch (JsonException problem)
        {
            // The reader's own message names types of this program; syntax errors come wrapped.
            var reason = problem.InnerException is JsonException ? "it is not JSON" : $"something at {problem.Path} is missing, unknown or of another kind";
            throw new FormatException($"not a trajectory: {reason}", problem);
        }

        if (read.Format != CurrentFormat)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"format {read.Format} is not known here (this version reads format {CurrentFormat})"));
        }

        return read.Sha256 == HashOf(line) ? read : throw new FormatException("the line does not match its own sha256: it was changed after it was written");
    }

    public static Trajectory TrajectoryOf(TrajectoryLine line) => new(
        line.TaskId,
        line.Attempt,
        line.PolicyId,
        new Seed(ulong.Parse(line.Seed, CultureInfo.InvariantCulture)),
        line.Segments,
        line.Steps,
        line.Answer,
        line.Stop,
        line.Tokens,
        line.Seconds)
    {
        Question = line.Question,
        Problem = line.Problem,
    };

    /// <summary>The line with everything that timing decides left out, for digests.</summary>
    public static byte[] Timeless(TrajectoryLine line) => JsonSerializer.SerializeToUtf8Bytes(
        line with { Sha256 = NoHash, Seconds = 0, Segments = [.. line.Segments.Select(segment => segment with { Seconds = 0 })] },
        Options);

    private static TrajectoryLine LineOf(string runId, string configurationHash, Trajectory trajectory) => new(
        CurrentFormat,
        runId,
        trajectory.QuestionId,
        trajectory.Attempt,
        IdemKey(configurationHash, trajectory),
        NoHash,
        trajectory.PolicyId,
        trajectory.Seed.Value.ToString(CultureInfo.InvariantCulture),
        trajectory.Question,
        trajectory.Stop,
        trajectory.Answer,
        trajectory.Problem,
        trajectory.Tokens,
        trajectory.Seconds,
        trajectory.Steps,
        trajectory.Segments);

    // Unique for the work, not for the time it was done: a second line with it is a repetition.
    private static string IdemKey(string configurationHash, Trajectory trajectory)
    {
        var parts = JsonSerializer.SerializeToUtf8Bytes(new object[] { configurationHash, trajectory.QuestionId, trajectory.Attempt, trajectory.PolicyId });
        return Convert.ToHexStringLower(SHA256.HashData(parts));
    }

    private static string? HashOf(ReadOnlySpan<byte> line)
    {
        var zeroed = line.ToArray();
        var at = HashOffset(zeroed);
        if (at < 0 || at + NoHash.Length > zeroed.Length)
        {
            return null;
        }

        zeroed.AsSpan(at, NoHash.Length).Fill((byte)'0');
        return Convert.ToHexStringLower(SHA256.HashData(zeroed));
    }

    // Quotes inside strings are escaped, so the first occurrence is the field itself.
    private static int HashOffset(ReadOnlySpan<byte> line)
    {
        var key = Encoding.ASCII.GetBytes(Sha256Key);
        var at = line.IndexOf(key);
        return at < 0 ? -1 : at + key.Length;
    }
}
