using System.Text.Json;
using Agentic.Agent;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary>A trajectory for people in colour, and for programs as a plain object.</summary>
internal static class TrajectoryReport
{
    public static object Of(Trajectory trajectory) => new
    {
        trajectory.QuestionId,
        trajectory.Attempt,
        trajectory.Question,
        trajectory.Answer,
        Stop = JsonNamingPolicy.SnakeCaseLower.ConvertName(trajectory.Stop.ToString()),
        trajectory.Problem,
        trajectory.PolicyId,
        Steps = trajectory.Steps.Select(step => new
        {
            step.Number,
            step.KeyEntities,
            step.Subquery,
            Evidence = step.Evidence.Select(Of),
            step.Summary,
        }),
        trajectory.Tokens,
        trajectory.Seconds,
    };

    public static void Show(IAnsiConsole console, Trajectory trajectory)
    {
        foreach (var line in TraceView.Lines(trajectory))
        {
            console.MarkupLine($"[{Colour(line.Kind)}]{Markup.Escape(line.Text)}[/]");
        }
    }

    private static object Of(Evidence evidence) => evidence switch
    {
        Evidence.OfChunk { Chunk: var chunk } => new { Kind = "chunk", evidence.Score, chunk.Id, chunk.Title, chunk.Text },
        Evidence.OfTriplet { Triplet: var triplet } => new { Kind = "triplet", evidence.Score, triplet.Head, triplet.Relation, triplet.Tail, triplet.SupportingChunkIds },
        _ => throw new ArgumentOutOfRangeException(nameof(evidence), evidence.GetType().Name, "the set of evidence is closed"),
    };

    private static string Colour(TraceLineKind kind) => kind switch
    {
        TraceLineKind.Head => "grey",
        TraceLineKind.Step => "bold blue",
        TraceLineKind.Triplet => "teal",
        TraceLineKind.Graph => "grey",
        TraceLineKind.Summary => "yellow",
        TraceLineKind.Answer => "bold green",
        TraceLineKind.Problem => "red",
        _ => "default",
    };
}
