using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What a line of a rendered trajectory is about; a host may colour by it.</summary>
public enum TraceLineKind
{
    /// <summary>The question and who attempted it.</summary>
    Head,

    /// <summary>A step's number, entities and subquery.</summary>
    Step,

    /// <summary>A chunk shown as evidence.</summary>
    Chunk,

    /// <summary>A triplet shown as evidence.</summary>
    Triplet,

    /// <summary>How the ranking came to a chunk.</summary>
    Path,

    /// <summary>How the evidence was selected.</summary>
    Graph,

    /// <summary>What the policy made of the evidence.</summary>
    Summary,

    /// <summary>The final answer.</summary>
    Answer,

    /// <summary>What went wrong.</summary>
    Problem,
}

/// <summary>A line of a rendered trajectory.</summary>
public readonly record struct TraceLine(TraceLineKind Kind, string Text);

/// <summary>Trajectories as text for people: question, steps, evidence with scores and where their mass came from, answer.</summary>
public static class TraceView
{
    private const int LongestText = 240;

    /// <summary>All lines as one text, each ended by a newline.</summary>
    public static string Render(Trajectory trajectory) => string.Concat(Lines(trajectory).Select(line => line.Text + '\n'));

    /// <summary>The lines, in reading order. Control characters of foreign text are not passed on.</summary>
    public static IEnumerable<TraceLine> Lines(Trajectory trajectory)
    {
        yield return new TraceLine(TraceLineKind.Head, $"Question  {ProtocolText.OneLine(trajectory.Question)}");
        yield return new TraceLine(TraceLineKind.Head, Head(trajectory));
        foreach (var line in trajectory.Steps.SelectMany(StepLines))
        {
            yield return line;
        }

        if (trajectory.Answer is { } answer)
        {
            yield return new TraceLine(TraceLineKind.Answer, $"Answer    {ProtocolText.OneLine(answer)}");
        }

        if (trajectory.Problem is { } problem)
        {
            yield return new TraceLine(TraceLineKind.Problem, $"Problem   {ProtocolText.OneLine(problem)}");
        }
    }

    /// <summary>The lines of one step, for showing an attempt while it goes on.</summary>
    public static IEnumerable<TraceLine> StepLines(Step step)
    {
        var entities = step.KeyEntities.Count == 0 ? "" : $"  [{string.Join("; ", step.KeyEntities)}]";
        yield return new TraceLine(TraceLineKind.Step, string.Create(CultureInfo.InvariantCulture, $"Step {step.Number,-5}{ProtocolText.OneLine(step.Subquery + entities)}"));
        for (var i = 0; i < step.Evidence.Count; i++)
        {
            yield return EvidenceLine(step, i);
            foreach (var hop in (step.Evidence[i] as Evidence.OfChunk)?.Path ?? [])
            {
                yield return new TraceLine(TraceLineKind.Path, $"       {ProtocolText.OneLine(hop.From)} -> {ProtocolText.OneLine(hop.To)}: {Short(ProtocolText.OneLine(hop.Via))}");
            }
        }

        if (step.Trace is { } trace)
        {
            var kinds = trace.Nodes.CountBy(node => node.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Value} {kind.Key}");
            yield return new TraceLine(
                TraceLineKind.Graph,
                string.Create(CultureInfo.InvariantCulture, $"  graph   nodes: {string.Join(", ", kinds)}; {Counted.Of(trace.Edges.Count, "edge")}, {Counted.Of(trace.Iterations, "iteration")}"));
        }

        if (step.Summary is { } summary)
        {
            yield return new TraceLine(TraceLineKind.Summary, $"  so      {ProtocolText.OneLine(summary)}");
        }
    }

    private static string Head(Trajectory trajectory) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(trajectory.QuestionId == AgentLoop.Unnamed ? "Asked of " : $"Attempt   {trajectory.Attempt} at {trajectory.QuestionId} by")} {trajectory.PolicyId}: {TrajectoryJson.NameOf(trajectory.Stop).Replace('_', ' ')}, {Counted.Of(trajectory.Steps.Count, "step")}, "
        + $"{trajectory.Tokens.Thinking} tokens written + {trajectory.Tokens.Retrieved} read, {trajectory.Seconds * 1000:F0} ms");

    private static TraceLine EvidenceLine(Step step, int at)
    {
        var evidence = step.Evidence[at];
        var (kind, label, text) = evidence switch
        {
            Evidence.OfChunk { Chunk: var chunk } => (TraceLineKind.Chunk, chunk.Id, $"{chunk.Title}: {chunk.Text}"),
            Evidence.OfTriplet { Triplet: var triplet } => (TraceLineKind.Triplet, triplet.Text, $"{triplet.Text}  (in {string.Join(", ", triplet.SupportingChunkIds)})"),
            _ => throw new ArgumentOutOfRangeException(nameof(step), evidence.GetType().Name, "the set of evidence is closed"),
        };
        var name = kind == TraceLineKind.Chunk ? "chunk" : "triplet";
        var from = step.Trace is null ? "" : MassOrigin.Of(step.Trace, name, label);
        return new TraceLine(kind, string.Create(CultureInfo.InvariantCulture, $"  {at + 1}. {name,-8}{evidence.Score:F4}  {Short(ProtocolText.OneLine(text))}{from}"));
    }

    private static string Short(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText - 3), "...");
}
