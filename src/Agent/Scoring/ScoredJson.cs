using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Rows of a file of scored trajectories, snake_case.</summary>
internal static class ScoredJson
{
    /// <summary>What the header says the file is.</summary>
    public const string Kind = "scored";

    public const string Segments = "segments";

    private const string TrajectoryKey = "trajectory";
    private const string KindKey = "kind";
    private const string Single = "single";
    private const string Multi = "multi";

    public static byte[] Of(ScoredTrajectory scored)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = DemonstrationJson.Encoder }))
        {
            writer.WriteStartObject();
            WriteQuestion(writer, scored);
            WriteRewards(writer, scored);
            WriteAttempt(writer, scored);
            SegmentJson.Write(writer, Segments, scored.Trajectory.Segments);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static bool IsHeader(JsonElement value) =>
        value.TryGetProperty(KindKey, out var kind) && !value.TryGetProperty(Segments, out _) && !value.TryGetProperty(TrajectoryKey, out _) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals(Kind);

    /// <summary>What pairing needs of a row, ours or a minimal one.</summary>
    /// <exception cref="InputFormatException">A field is missing or out of its range.</exception>
    public static ScoredRow RowOf(JsonRecord record) => record.Value.TryGetProperty(Segments, out _) ? OwnRow(record) : MinimalRow(record);

    private static ScoredRow OwnRow(JsonRecord record) => new(record.RequiredId("question_id"), Candidate(record, record.RequiredId("id")) with
    {
        Value = record.Value.TryGetProperty("value", out _) ? Number(record, "value", 0, 1) : null,
        Content = ContentOf(record),
        Steps = record.Value.TryGetProperty("steps", out var steps) ? SegmentJson.Whole(record, steps, "steps") : null,
        HasObeyed = record.OptionalString("obeyed") is not null,
        HasText = record.Elements(Segments).Any(segment => segment.TryGetProperty("author", out var author) && author.ValueEquals("policy")),
    })
    {
        IsMinimal = false,
    };

    private static string ContentOf(JsonRecord record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in record.Elements(Segments))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{record.Member(segment, "author")}\n{record.Member(segment, "text")}\0"));
        }

        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 12));
    }

    // The trajectory may be an id or the trajectory itself; either way it is given back as it came.
    private static ScoredRow MinimalRow(JsonRecord record)
    {
        if (!record.Value.TryGetProperty(TrajectoryKey, out var trajectory) || trajectory.ValueKind == JsonValueKind.Null)
        {
            throw record.Broken("has neither \"segments\" nor \"trajectory\"; give rows that 'score' wrote, or {question, trajectory, kind, r_fmt, r_out, r_process}");
        }

        var id = trajectory.ValueKind == JsonValueKind.String ? record.Text(trajectory, TrajectoryKey) : trajectory.GetRawText();
        return new ScoredRow(record.RequiredId("question"), Candidate(record, id)) { IsMinimal = true };
    }

    private static PairCandidate Candidate(JsonRecord record, string id)
    {
        var kind = record.RequiredString(KindKey) switch
        {
            Single => HopKind.Single,
            Multi => HopKind.Multi,
            var other => throw record.Broken($"\"kind\" is \"{other}\"; it is single or multi"),
        };
        return new PairCandidate(id, kind, Number(record, "r_fmt", 0, 1), Number(record, "r_out", 0, 1), Number(record, "r_process", 0, double.MaxValue));
    }

    private static double Number(JsonRecord record, string name, double least, double most)
    {
        if (!record.Value.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number)
        {
            throw record.Broken($"\"{name}\" must be a number");
        }

        var number = value.GetDouble();
        return number >= least && number <= most ? number : throw record.Broken(FormattableString.Invariant($"\"{name}\" is {number}; it is at least {least}{(most == double.MaxValue ? "" : FormattableString.Invariant($" and at most {most}"))}"));
    }

    private static void WriteQuestion(Utf8JsonWriter writer, ScoredTrajectory scored)
    {
        writer.WriteString("id", scored.Id);
        writer.WriteString("question_id", scored.Question.Id);
        writer.WriteString("question", scored.Question.Text);
        if (scored.Question.Type is { } type)
        {
            writer.WriteString("type", type);
        }

        if (scored.Question.Hops is { } hops)
        {
            writer.WriteNumber("hops", hops);
        }
    }

    private static void WriteRewards(Utf8JsonWriter writer, ScoredTrajectory scored)
    {
        writer.WriteString(KindKey, scored.Kind == HopKind.Single ? Single : Multi);
        if (scored.Unit is { } unit)
        {
            writer.WriteString("unit", JsonNamingPolicy.SnakeCaseLower.ConvertName(unit.ToString()));
        }

        var reward = scored.Reward;
        writer.WriteNumber("r_fmt", reward.Format);
        writer.WriteNumber("r_out", reward.Outcome);
        writer.WriteNumber("r_process", reward.Process);
        writer.WriteNumber("r_cons", reward.Consistency);
        writer.WriteNumber("r_q", reward.Query);
        writer.WriteNumber("r_c", reward.Context);
        writer.WriteNumber("r_s", reward.Summary);
        writer.WriteNumber("value", scored.Value);
        writer.WriteNumber("em", scored.Em);
        writer.WriteNumber("f1", scored.F1);
    }

    private static void WriteAttempt(Utf8JsonWriter writer, ScoredTrajectory scored)
    {
        writer.WriteNumber("steps", scored.Trajectory.Steps.Count);
        writer.WriteNumber("thinking_tokens", scored.Trajectory.Tokens.Thinking);
        writer.WriteNumber("retrieved_tokens", scored.Trajectory.Tokens.Retrieved);
        writer.WriteString("stop", TrajectoryJson.NameOf(scored.Trajectory.Stop));
        if (scored.Obeyed is { } obeyed)
        {
            writer.WriteString("obeyed", obeyed);
        }

        if (scored.Trajectory.Answer is { } answer)
        {
            writer.WriteString("answer", answer);
        }
    }
}
