using System.Text.Json;

namespace Agentic.Agent;

/// <summary>Makes segments of messages, counting steps; the table is that of <see cref="TrlJson"/>.</summary>
internal sealed class TrlMessages(int step)
{
    /// <summary>Steps so far: each message of the assistant opens one.</summary>
    public int Step { get; private set; } = step;

    /// <summary>Who a role stands for; null for one that stands for nobody.</summary>
    public static Author? AuthorOf(JsonElement message) => TextOf(message, "role") switch
    {
        "system" or "developer" or "user" => Author.Prompt,
        "assistant" => Author.Policy,
        "tool" => Author.Tool,
        _ => null,
    };

    /// <summary>The segments of a list of messages.</summary>
    /// <exception cref="PairFieldException">One does not map.</exception>
    public Segment[] Segments(string field, IReadOnlyList<JsonElement> messages) => [.. messages.Select((message, at) => Of(message, problem => new PairFieldException(field, $"message {at + 1} {problem}")))];

    private Segment Of(JsonElement message, Func<string, PairFieldException> broken)
    {
        if (AuthorOf(message) is not { } author)
        {
            var role = TextOf(message, "role");
            throw broken($"{(role is null ? "has no role" : $"has the role \"{role}\", which maps to nothing")}; a message is {{\"role\", \"content\"}} by system, developer, user, assistant or tool");
        }

        Step += author == Author.Policy ? 1 : 0;
        return new Segment(Step, author, Calls(message) is { } calls ? Called(author, calls, Content(message, broken), broken) : Content(message, broken) ?? throw broken("has no content; give its text"));
    }

    /// <summary>The text of a message that calls functions.</summary>
    private string Called(Author author, JsonElement calls, string? content, Func<string, PairFieldException> broken)
    {
        if (author != Author.Policy || calls.GetArrayLength() != 1 || TrlSearchCall.Of(calls[0]) is not { } call)
        {
            throw broken($"calls a function that the step protocol has no words for; only one call of {SearchTool.Name}(subquery, key_entities, summary) by the assistant maps. Write the call as text, or remove the row");
        }

        return string.IsNullOrEmpty(content) ? call.Render(Step)
            : content.Contains(call.SubqueryLine, StringComparison.Ordinal) ? content
            : throw broken("has a text beside its call that does not say what is called for; write both as one text, or remove the row");
    }

    private static JsonElement? Calls(JsonElement message) =>
        message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0 ? calls : null;

    /// <summary>A text, or a list of parts that are texts; null when there is none.</summary>
    private static string? Content(JsonElement message, Func<string, PairFieldException> broken)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var texts = content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray().Select(part => TextOf(part, "type") == "text" ? TextOf(part, "text") : null).ToList()
            : [content.ValueKind == JsonValueKind.String ? TextOf(message, "content") : null];
        return texts.Contains(null) ? throw broken("has a content that is not text; only texts, and lists of parts of the type \"text\", map") : string.Concat(texts);
    }

    /// <summary>A member that is a text; null when it is absent or anything else, half of a surrogate pair included.</summary>
    private static string? TextOf(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
