using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Agentic.Agent;

/// <summary>What a model said by calling a function, in the words of the step protocol; text that is no such call is left for the parser to judge.</summary>
internal static class ToolRounds
{
    private const string Nothing = "nothing was noted";

    public static string TextOf(ChatResponse response, PolicyRequest request)
    {
        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>();
        var text = response.Text.Trim();
        if (request.FinalAnswerForced)
        {
            return text;
        }

        return calls.FirstOrDefault() is { } call ? StepOf(call, text, request) : AnswerOf(text, request);
    }

    private static string StepOf(FunctionCallContent call, string text, PolicyRequest request)
    {
        if (call.Name != SearchTool.Name)
        {
            return $"Call of the unknown function {ProtocolText.OneLine(call.Name)}";
        }

        if (call.Exception is not null || call.Arguments is null || Text(call.Arguments, "subquery") is not { Length: > 0 } subquery)
        {
            return $"Call of {SearchTool.Name} with arguments that cannot be read";
        }

        var summary = Text(call.Arguments, "summary") is { Length: > 0 } given ? given : text.Length > 0 ? text : Nothing;
        return SummaryOf(summary, request) + ProtocolText.RenderStep(request.Steps.Count + 1, Names(call.Arguments), subquery);
    }

    // A model that answers in its own words has answered.
    private static string AnswerOf(string text, PolicyRequest request)
    {
        var lines = ProtocolLine.Of(text).ToList();
        if (text.Length == 0 || lines.Exists(line => line.IsStep(out _, out _)))
        {
            return text;
        }

        if (!lines.Exists(line => line.Is(ProtocolText.Answer, out _)))
        {
            return SummaryOf(Nothing, request) + ProtocolText.RenderAnswer(text);
        }

        return lines.Exists(line => line.Is(ProtocolText.Summary, out _)) ? text : SummaryOf(Nothing, request) + text;
    }

    private static string SummaryOf(string summary, PolicyRequest request) => request.Steps.Count == 0 ? "" : ProtocolText.RenderSummary(summary);

    private static string? Text(IDictionary<string, object?> arguments, string name) => arguments.TryGetValue(name, out var value)
        ? value switch
        {
            string text => text.Trim(),
            JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!.Trim(),
            _ => null,
        }
        : null;

    private static string[] Names(IDictionary<string, object?> arguments) => arguments.TryGetValue("key_entities", out var value)
        ? value switch
        {
            JsonElement { ValueKind: JsonValueKind.Array } json => [.. json.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
            JsonElement { ValueKind: JsonValueKind.String } json => [json.GetString()!],
            string text => [text],
            IEnumerable<object?> items => [.. items.Select(item => item?.ToString() ?? "")],
            _ => [],
        }
        : [];
}
