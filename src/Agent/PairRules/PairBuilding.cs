using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Makes a file of pairs from a file of scored trajectories.</summary>
/// <remarks>
/// Questions go by ordinal id, so the order of the rows does not matter. Rows of ours become rows of <see cref="PairFile"/>; minimal rows
/// <c>{question, trajectory, kind, r_fmt, r_out, r_process}</c> become <c>{question, chosen, rejected, reason}</c> with the trajectories as they came.
/// </remarks>
public static class PairBuilding
{
    private const string MinimalTrajectory = "trajectory";

    /// <summary>Selects and writes. The rewards of all rows are in memory, the texts of one pair at a time.</summary>
    /// <param name="scoredPath">As <c>score</c> writes it, or minimal rows; plain or .gz.</param>
    /// <param name="rule">Who is compared with whom.</param>
    /// <param name="description">The rule for the header; null to leave it out.</param>
    /// <param name="path">The file to write; .gz compresses.</param>
    /// <param name="cancellationToken">Ends the work; nothing is written then.</param>
    /// <exception cref="InputFormatException">A row is broken, repeated, or of another kind than the others of its question; names file and line.</exception>
    public static async Task<PairReport> RunAsync(string scoredPath, IPairRule rule, JsonObject? description, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        using var scored = ScoredFile.Open(scoredPath);
        var selections = new List<(string Question, PairSelection Selection)>();
        foreach (var group in scored.Rows.GroupBy(row => row.Question, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            RequireOneKind(scoredPath, group);
            selections.Add((group.Key, rule.Select(group.Key, [.. group.Select(row => row.Candidate)])));
        }

        var report = PairReport.Of([.. selections.Select(pair => pair.Selection)]);
        var rows = scored.Rows.ToDictionary(row => (row.Question, row.Candidate.Id));
        var pairs = from selected in selections
                    from pair in selected.Selection.Pairs
                    select (Chosen: rows[(selected.Question, pair.Chosen.Id)], Rejected: rows[(selected.Question, pair.Rejected.Id)], pair.Reason);
        if (scored.Rows[0].IsMinimal)
        {
            await WriteMinimalAsync(scored, pairs, path, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await WriteOwnAsync(scored, pairs, Header(scored.Header, description, report), path, cancellationToken).ConfigureAwait(false);
        }

        return report;
    }

    private static DemonstrationHeader Header(DemonstrationHeader? scored, JsonObject? description, PairReport report)
    {
        var source = new JsonObject { ["rule"] = description?.DeepClone(), ["report"] = JsonSerializer.SerializeToNode(report, TrajectoryJson.Options) };
        if (scored?.Source is { } scoring)
        {
            source["scored"] = scoring.DeepClone();
        }

        return (scored ?? new DemonstrationHeader()) with { Source = source };
    }

    private static async Task WriteOwnAsync(
        ScoredFile scored, IEnumerable<(ScoredRow Chosen, ScoredRow Rejected, RejectionReason Reason)> pairs, DemonstrationHeader header, string path, CancellationToken cancellationToken)
    {
        var writer = await PairWriter.CreateAsync(path, header, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var (chosen, rejected, reason) in pairs)
            {
                using var better = scored.Read(chosen);
                using var worse = scored.Read(rejected);
                await writer.WriteAsync(PairOf(scored, (chosen, better), (rejected, worse), reason), cancellationToken).ConfigureAwait(false);
            }

            await writer.CommitAsync().ConfigureAwait(false);
        }
    }

    private static PreferencePair PairOf(ScoredFile scored, (ScoredRow Row, JsonDocument Json) chosen, (ScoredRow Row, JsonDocument Json) rejected, RejectionReason reason)
    {
        var (better, worse) = (scored.Segments(chosen.Row, chosen.Json), scored.Segments(rejected.Row, rejected.Json));
        var about = chosen.Json.RootElement;
        return new PreferencePair(
            $"{chosen.Row.Candidate.Id}/{rejected.Row.Candidate.Id}",
            chosen.Row.Question,
            about.TryGetProperty("question", out var question) && question.ValueKind == JsonValueKind.String ? question.GetString()! : "",
            [.. better.TakeWhile(IsPrompt)],
            [.. better.SkipWhile(IsPrompt)],
            [.. worse.SkipWhile(IsPrompt)])
        {
            Type = about.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null,
            Hops = about.TryGetProperty("hops", out var hops) && hops.ValueKind == JsonValueKind.Number ? hops.GetInt32() : null,
            Reason = PairReport.NameOf(reason),
        };
    }

    private static bool IsPrompt(Segment segment) => segment.Author == Author.Prompt;

    private static async Task WriteMinimalAsync(
        ScoredFile scored, IEnumerable<(ScoredRow Chosen, ScoredRow Rejected, RejectionReason Reason)> pairs, string path, CancellationToken cancellationToken)
    {
        var lines = WholeJsonLines.Create(path);
        await using (lines.ConfigureAwait(false))
        {
            foreach (var (chosen, rejected, reason) in pairs)
            {
                await lines.AddAsync(
                    new JsonObject
                    {
                        ["question"] = chosen.Question,
                        ["chosen"] = TrajectoryOf(scored, chosen),
                        ["rejected"] = TrajectoryOf(scored, rejected),
                        ["reason"] = PairReport.NameOf(reason),
                    },
                    cancellationToken).ConfigureAwait(false);
            }

            await lines.CommitAsync().ConfigureAwait(false);
        }
    }

    private static JsonNode? TrajectoryOf(ScoredFile scored, ScoredRow row)
    {
        using var document = scored.Read(row);
        return JsonNode.Parse(document.RootElement.GetProperty(MinimalTrajectory).GetRawText());
    }

    private static void RequireOneKind(string path, IGrouping<string, ScoredRow> group)
    {
        var kind = group.First().Candidate.Kind;
        if (group.FirstOrDefault(row => row.Candidate.Kind != kind) is { } other)
        {
            throw new InputFormatException(path, other.Line, $"the trajectories of question \"{group.Key}\" are of different kinds; a question is single or multi");
        }
    }
}
