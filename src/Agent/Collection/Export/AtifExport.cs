using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A trajectory in the Agent Trajectory Interchange Format (ATIF), the subset of version 1.4.</summary>
/// <remarks>
/// The prompt is a user step; each policy segment an agent step with the search it called and the evidence as its observation. Times are not given: an attempt's are wall times of one machine.
/// Chunk ids, the graph's selection, stop reason and answer stand under <c>extra</c>.
/// </remarks>
internal static class AtifExport
{
    private const string Version = "ATIF-v1.4";

    public static JsonObject Of(Trajectory trajectory)
    {
        var steps = new JsonArray();
        for (var at = 0; at < trajectory.Segments.Count; at++)
        {
            if (!OpenAiExport.IsEvidence(trajectory.Segments[at]))
            {
                steps.Add(StepOf(trajectory, at, steps.Count + 1));
            }
        }

        return new JsonObject
        {
            ["schema_version"] = Version,
            ["session_id"] = OpenAiExport.IdOf(trajectory),
            ["agent"] = new JsonObject { ["name"] = "agentic", ["version"] = typeof(AtifExport).Assembly.GetName().Version!.ToString(3), ["model_name"] = trajectory.PolicyId },
            ["steps"] = steps,
            ["final_metrics"] = new JsonObject
            {
                ["total_completion_tokens"] = trajectory.Tokens.Thinking,
                ["total_steps"] = steps.Count,
                ["extra"] = new JsonObject { ["retrieved_tokens"] = trajectory.Tokens.Retrieved, ["retrievals"] = trajectory.Tokens.Retrievals },
            },
            ["extra"] = new JsonObject
            {
                ["question_id"] = trajectory.QuestionId,
                ["question"] = trajectory.Question,
                ["attempt"] = trajectory.Attempt,
                ["seed"] = trajectory.Seed.Value.ToString(CultureInfo.InvariantCulture),
                ["answer"] = trajectory.Answer,
                ["stop"] = TrajectoryJson.NameOf(trajectory.Stop),
                ["problem"] = trajectory.Problem,
                ["steps"] = trajectory.Steps.Count,
            },
        };
    }

    private static JsonObject StepOf(Trajectory trajectory, int at, int number)
    {
        var segment = trajectory.Segments[at];
        var step = new JsonObject
        {
            ["step_id"] = number,
            ["source"] = segment.Author switch { Author.Prompt => "user", Author.Tool => "system", _ => "agent" },
            ["message"] = segment.Text,
        };
        if (segment.Author != Author.Policy)
        {
            return step;
        }

        step["model_name"] = trajectory.PolicyId;
        if (OpenAiExport.Called(trajectory, at) is { } called)
        {
            var id = OpenAiExport.CallId(called.Number);
            step["tool_calls"] = new JsonArray(new JsonObject { ["tool_call_id"] = id, ["function_name"] = SearchTool.Declaration.Name, ["arguments"] = OpenAiExport.Arguments(called) });
            step["observation"] = new JsonObject { ["results"] = new JsonArray(new JsonObject { ["source_call_id"] = id, ["content"] = trajectory.Segments[at + 1].Text }) };
            step["extra"] = Extra(called);
        }

        if (segment.TokenIds is not null)
        {
            step["metrics"] = new JsonObject
            {
                ["completion_tokens"] = segment.TokenIds.Count,
                ["completion_token_ids"] = JsonSerializer.SerializeToNode(segment.TokenIds),
                ["logprobs"] = segment.LogProbs is null ? null : JsonSerializer.SerializeToNode(segment.LogProbs),
            };
        }

        return step;
    }

    private static JsonObject Extra(Step step) => new()
    {
        ["chunk_ids"] = Names(step.Evidence.OfType<Evidence.OfChunk>().Select(item => item.Chunk.Id)),
        ["triplets"] = Names(step.Evidence.OfType<Evidence.OfTriplet>().Select(item => item.Triplet.Text)),
        ["graph_nodes"] = Names(step.Trace?.Nodes.Where(node => node.Selected).Select(node => node.Label) ?? []),
    };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
