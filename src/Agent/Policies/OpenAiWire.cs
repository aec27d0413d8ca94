using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The wire below the client: asks for what servers can add, reads it off the answer, and tells an answer from something that is none.</summary>
internal sealed class OpenAiWire(HttpMessageHandler inner, bool asksForIds, TimeProvider time) : DelegatingHandler(inner)
{
    /// <summary>Bytes of a body beyond which it is no completion.</summary>
    private const int LargestBody = 16 << 20;

    private static readonly AsyncLocal<StrongBox<WireExtras?>?> Listener = new();

    // Wishes that the server does not know are dropped one by one; a server that knows none still answers.
    private volatile string[] _wishes = asksForIds ? ["return_token_ids", "logprobs"] : [];

    /// <summary>A box that the next call of this flow fills with what the server added.</summary>
    public static StrongBox<WireExtras?> Listen() => Listener.Value = new StrongBox<WireExtras?>();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var isStream = false;
        while (true)
        {
            var wishes = _wishes;
            var content = Wishing(body, wishes, out isStream);
            var response = await base.SendAsync(Copy(request, content), cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return isStream && response.Content.Headers.ContentType?.MediaType == "text/event-stream"
                    ? response
                    : await WholeAsync(response, isStream, cancellationToken).ConfigureAwait(false);
            }

            using (response)
            {
                var detail = Encoding.UTF8.GetString(await ReadAsync(response, cancellationToken).ConfigureAwait(false));
                if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
                    || Array.Find(wishes, wish => IsUnknown(wish, detail)) is not { } unknown)
                {
                    throw CallFailures.OfStatus((int)response.StatusCode, detail, WaitOf(response.Headers.RetryAfter));
                }

                _wishes = [.. _wishes.Where(wish => wish != unknown)];
            }
        }
    }

    private static async Task<HttpResponseMessage> WholeAsync(HttpResponseMessage response, bool isStream, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        if (isStream || body.AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            var kind = response.Content.Headers.ContentType?.MediaType ?? "content of no type";
            throw new PolicyFailedException(
                $"the endpoint answered with {kind} where {(isStream ? "a stream of events" : "JSON")} was due ({ExcerptOf(body)}). Check that the address is that of the interface, as a rule ending in /v1");
        }

        using var json = JsonDocument.Parse(body);
        if (!json.RootElement.TryGetProperty("choices", out var choices)
            || choices.ValueKind != JsonValueKind.Array
            || choices.EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } choice
            || !choice.TryGetProperty("message", out var message)
            || message.ValueKind != JsonValueKind.Object)
        {
            throw new PolicyFailedException($"the endpoint answered with JSON that is no completion ({ExcerptOf(body)})");
        }

        if (Listener.Value is { } listener)
        {
            listener.Value = WireExtras.Read(choice);
        }

        var whole = new ByteArrayContent(body);
        whole.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content = whole;
        return response;
    }

    private static string ExcerptOf(byte[] body) => CallFailures.Excerpt(Encoding.UTF8.GetString(body));

    private static byte[] Wishing(byte[] body, string[] wishes, out bool isStream)
    {
        isStream = false;
        if (body.Length == 0 || JsonNode.Parse(body) is not JsonObject json)
        {
            return body;
        }

        isStream = json["stream"] is JsonValue value && value.TryGetValue<bool>(out var streams) && streams;
        foreach (var wish in wishes)
        {
            json[wish] = true;
        }

        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    // "Unrecognized request argument supplied: return_token_ids", "Extra inputs are not permitted", "logprobs is not supported": servers differ in words only.
    private static bool IsUnknown(string wish, string detail) =>
        detail.Contains(wish, StringComparison.OrdinalIgnoreCase)
        && (detail.Contains("recogni", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("unknown", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("support", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("permitted", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("unexpected", StringComparison.OrdinalIgnoreCase));

    private static HttpRequestMessage Copy(HttpRequestMessage request, byte[] body)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var header in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        copy.Content = new ByteArrayContent(body);
        copy.Content.Headers.ContentType = request.Content?.Headers.ContentType ?? new MediaTypeHeaderValue("application/json");
        return copy;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(LargestBody, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    private TimeSpan? WaitOf(RetryConditionHeaderValue? asked)
    {
        var wait = asked?.Delta ?? asked?.Date - time.GetUtcNow();
        return wait is { } positive && positive < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
