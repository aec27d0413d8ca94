using System.Text.Json.Nodes;

namespace Agentic.Agent;

/// <summary>A trajectory as OpenAI chat messages: the prompt is the user's, each policy segment an assistant message that calls the search, each Reference block the answer of that call.</summary>
/// <remarks>Steps are written in the protocol's words as content as well, so that joining the contents gives the text of the trajectory.</remarks>
internal static class OpenAiExport
{
    public static JsonObject Of(Trajectory trajectory) => new()
    {
        ["id"] = IdOf(trajectory),
        ["messages"] = new JsonArray([.. trajectory.Segments.Index().Select(pair => Message(trajectory, pair.Index))]),
        ["tools"] = new JsonArray(new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = SearchTool.Declaration.Name,
                ["description"] = SearchTool.Declaration.Description,
                ["parameters"] = JsonNode.Parse(SearchTool.Declaration.JsonSchema.GetRawText()),
            },
        }),
    };

    public static string IdOf(Trajectory trajectory) => FormattableString.Invariant($"{trajectory.QuestionId}-{trajectory.Attempt}");

    /// <summary>The step that a policy segment opens, when the system answered it with evidence.</summary>
    public static Step? Called(Trajectory trajectory, int at) =>
        trajectory.Segments[at].Author == Author.Policy && at + 1 < trajectory.Segments.Count && IsEvidence(trajectory.Segments[at + 1])
            ? trajectory.Steps.FirstOrDefault(step => step.Number == trajectory.Segments[at].Step)
            : null;

    public static bool IsEvidence(Segment segment) => segment.Author == Author.Tool && segment.Text.StartsWith(ProtocolText.Open, StringComparison.Ordinal);

    public static string CallId(int step) => FormattableString.Invariant($"call_{step}");

    public static JsonObject Arguments(Step step) => new()
    {
        ["subquery"] = step.Subquery,
        ["key_entities"] = new JsonArray([.. step.KeyEntities.Select(name => (JsonNode)name)]),
    };

    private static JsonNode Message(Trajectory trajectory, int at)
    {
        var segment = trajectory.Segments[at];
        if (segment.Author == Author.Prompt)
        {
            return new JsonObject { ["role"] = "user", ["content"] = segment.Text };
        }

        // The forced answer line is the system's word; as a message it can only be the user's.
        if (segment.Author == Author.Tool)
        {
            return IsEvidence(segment)
                ? new JsonObject { ["role"] = "tool", ["tool_call_id"] = CallId(segment.Step), ["content"] = segment.Text }
                : new JsonObject { ["role"] = "user", ["content"] = segment.Text };
        }

        var message = new JsonObject { ["role"] = "assistant", ["content"] = segment.Text };
        if (Called(trajectory, at) is { } step)
        {
            message["tool_calls"] = new JsonArray(new JsonObject
            {
                ["id"] = CallId(step.Number),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = SearchTool.Declaration.Name, ["arguments"] = Arguments(step).ToJsonString(TrajectoryExport.Json) },
            });
        }

        return message;
    }
}
