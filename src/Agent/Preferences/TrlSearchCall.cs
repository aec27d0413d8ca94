using System.Text.Json;

namespace Agentic.Agent;

/// <summary>A call of <see cref="SearchTool"/> in a message.</summary>
internal sealed record TrlSearchCall(string Subquery, IReadOnlyList<string> KeyEntities, string Summary)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The line a text that says the same contains.</summary>
    public string SubqueryLine => $"{ProtocolText.Subquery}: {ProtocolText.OneLine(Subquery)}";

    /// <summary>The call of a message's tool call; null when it is of another function or of another form. Arguments are an object, or one written as text.</summary>
    public static TrlSearchCall? Of(JsonElement call)
    {
        try
        {
            return JsonSerializer.Deserialize<Call>(call, Json)?.Function is { Name: SearchTool.Name } function && Read(function.Arguments) is { Subquery: { } subquery } given
                ? new TrlSearchCall(subquery, given.KeyEntities ?? [], given.Summary ?? "")
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The same in the words of the protocol.</summary>
    public string Render(int step) => (Summary.Length > 0 ? ProtocolText.RenderSummary(Summary) : "") + ProtocolText.RenderStep(step, KeyEntities, Subquery);

    private static Arguments? Read(JsonElement arguments) => arguments.ValueKind switch
    {
        JsonValueKind.String => JsonSerializer.Deserialize<Arguments>(arguments.GetString()!, Json),
        JsonValueKind.Object => JsonSerializer.Deserialize<Arguments>(arguments, Json),
        _ => null,
    };

    private sealed record Call(Function? Function);

    private sealed record Function(string? Name, JsonElement Arguments);

    private sealed record Arguments(string? Subquery, string[]? KeyEntities, string? Summary);
}
