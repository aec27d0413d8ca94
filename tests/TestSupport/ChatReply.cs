using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Agentic.TestSupport;

/// <summary>What a scripted server answers: a head, and a body in pieces that are sent one after the other.</summary>
/// <param name="Status">Status of HTTP.</param>
/// <param name="ContentType">Type of the body.</param>
/// <param name="Pieces">The body; each piece is a write of its own.</param>
public sealed record ChatReply(int Status, string ContentType, IReadOnlyList<byte[]> Pieces)
{
    /// <summary>Value of the Retry-After header; null for none.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>True to close the connection before the promised end of the body.</summary>
    public bool BreaksOff { get; init; }

    /// <summary>True to close the connection without any answer.</summary>
    public bool HangsUp { get; init; }

    /// <summary>A completion with the token ids where vLLM and SGLang put them, when given.</summary>
    public static ChatReply Completion(string text, int[]? tokenIds = null, double[]? logProbs = null, string finish = "stop")
    {
        var choice = new JsonObject { ["index"] = 0, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text }, ["finish_reason"] = finish };
        if (tokenIds is not null)
        {
            choice["token_ids"] = JsonSerializer.SerializeToNode(tokenIds);
        }

        if (logProbs is not null)
        {
            choice["logprobs"] = new JsonObject
            {
                ["content"] = new JsonArray([.. logProbs.Select(value => (JsonNode)new JsonObject { ["token"] = "t", ["logprob"] = value, ["bytes"] = null, ["top_logprobs"] = new JsonArray() })]),
            };
        }

        return Json(200, Response(choice));
    }

    /// <summary>A call of a function; <paramref name="arguments"/> is sent as it is, well-formed or not.</summary>
    public static ChatReply Call(string name, string arguments) => Json(200, Response(new JsonObject
    {
        ["index"] = 0,
        ["message"] = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = null,
            ["tool_calls"] = new JsonArray(new JsonObject
            {
                ["id"] = "call-1",
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
            }),
        },
        ["finish_reason"] = "tool_calls",
    }));

    /// <summary>A stream of events, its bytes cut into pieces of <paramref name="pieceLength"/> wherever that falls.</summary>
    /// <param name="text">The completion; one event a character.</param>
    /// <param name="pieceLength">Bytes of a write.</param>
    /// <param name="isWhole">False to end the stream in the middle, without a finish reason.</param>
    public static ChatReply Stream(string text, int pieceLength = 7, bool isWhole = true)
    {
        var events = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            events.Append("data: ").Append(Event(new JsonObject { ["content"] = rune.ToString() }, null)).Append("\n\n");
        }

        events.Append("data: ").Append(Event([], "stop")).Append("\n\ndata: [DONE]\n\n");
        var bytes = Encoding.UTF8.GetBytes(events.ToString());
        var sent = isWhole ? bytes : bytes[..(bytes.Length / 2)];
        return new ChatReply(200, "text/event-stream", [.. sent.Chunk(pieceLength)]) { BreaksOff = !isWhole };
    }

    /// <summary>A status with a message, as servers explain themselves.</summary>
    public static ChatReply Error(int status, string message, string? retryAfter = null) =>
        Json(status, new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "error", ["code"] = status } }) with { RetryAfter = retryAfter };

    /// <summary>A page for people.</summary>
    public static ChatReply Html(int status = 200) =>
        new(status, "text/html", [Encoding.UTF8.GetBytes("<html><body>Welcome to the proxy</body></html>")]);

    private static ChatReply Json(int status, JsonObject body) =>
        new(status, "application/json", [Encoding.UTF8.GetBytes(body.ToJsonString())]);

    private static JsonObject Response(JsonObject choice) => new()
    {
        ["id"] = "chat-1",
        ["object"] = "chat.completion",
        ["created"] = 1,
        ["model"] = "scripted",
        ["choices"] = new JsonArray(choice),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 1, ["completion_tokens"] = 1, ["total_tokens"] = 2 },
    };

    private static string Event(JsonObject delta, string? finish) => new JsonObject
    {
        ["id"] = "chat-1",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1,
        ["model"] = "scripted",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
    }.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    internal byte[] Head()
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} Scripted\r\nContent-Type: {ContentType}\r\nConnection: close\r\n");
        if (RetryAfter is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Retry-After: {RetryAfter}\r\n");
        }

        // A promise of one byte more than comes is how a broken connection looks to the reader.
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Pieces.Sum(piece => piece.Length) + (BreaksOff ? 1 : 0)}\r\n\r\n");
        return Encoding.ASCII.GetBytes(head.ToString());
    }
}
