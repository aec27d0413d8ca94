using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Agentic.Agent;

/// <summary>A chat client for an OpenAI-compatible endpoint without retries and time-outs of its own, with what the server adds to a completion attached to the response.</summary>
internal sealed class OpenAiEndpoint : DelegatingChatClient
{
    /// <summary>Servers without keys still want the header to be there.</summary>
    private const string NoKey = "none";

    private OpenAiEndpoint(IChatClient inner)
        : base(inner)
    {
    }

    public static IChatClient Connect(Uri address, string model, string? apiKey, bool asksForIds, TimeProvider time)
    {
        var http = new HttpClient(new OpenAiWire(new SocketsHttpHandler { AllowAutoRedirect = false }, asksForIds, time)) { Timeout = Timeout.InfiniteTimeSpan };
        var options = new OpenAIClientOptions
        {
            Endpoint = address,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        var client = new OpenAIClient(new ApiKeyCredential(string.IsNullOrEmpty(apiKey) ? NoKey : apiKey), options);
        return new OpenAiEndpoint(client.GetChatClient(model).AsIChatClient());
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var extras = OpenAiWire.Listen();
        var response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        extras.Value?.AttachTo(response);
        return response;
    }
}
