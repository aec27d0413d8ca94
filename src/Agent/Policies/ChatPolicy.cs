using System.ComponentModel.DataAnnotations;
using System.Text;
using Agentic.Retrieval;
using Microsoft.Extensions.AI;

namespace Agentic.Agent;

/// <summary>How a chat model is asked to make its steps.</summary>
public enum ChatRounds
{
    /// <summary>It writes the step protocol as text.</summary>
    Text,

    /// <summary>It calls a search function; the calls are put into the protocol's words.</summary>
    Tools,
}

/// <summary>A chat model behind an OpenAI-compatible endpoint.</summary>
public sealed record ChatPolicyOptions : PolicyOptions
{
    /// <summary>Base address of the interface, as a rule ending in <c>/v1</c>.</summary>
    [Required(ErrorMessage = "the chat policy needs an endpoint, such as http://localhost:8000/v1")]
    [Url(ErrorMessage = "the endpoint must be an absolute http or https address, such as http://localhost:8000/v1")]
    public string? Endpoint { get; init; }

    /// <summary>Name of the model, as the endpoint knows it.</summary>
    [Required(ErrorMessage = "the chat policy needs the name of a model")] public string? Model { get; init; }

    /// <summary>How steps are asked for.</summary>
    public ChatRounds Rounds { get; init; } = ChatRounds.Text;

    /// <summary>Whether completions are streamed; token ids are asked for only when they are not, since not every server has them in streams.</summary>
    public bool Streaming { get; init; }

    /// <summary>Sampling temperature; always sent, since servers have defaults of their own.</summary>
    [Range(0.0, 2.0)] public double Temperature { get; init; }

    /// <summary>Nucleus of sampling; always sent.</summary>
    [Range(0.0, 1.0)] public double TopP { get; init; } = 1;

    /// <summary>Further addresses that serve the same model; a call goes to a server that is well, the same one for the same question.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>Calls at the same time to each server; 0 for no limit.</summary>
    [Range(0, 100_000)] public int CallsPerEndpoint { get; init; }

    /// <summary>How long a server that cannot be reached is left alone before it is asked how it is.</summary>
    [Range(0.1, 3_600)] public double RestSeconds { get; init; } = 15;

    /// <summary>How calls are made to last.</summary>
    public ResilienceOptions Resilience { get; init; } = new();

    /// <inheritdoc/>
    public override IPolicy Build(PolicyResources resources)
    {
        OptionsGuard.Checked(this);
        var addresses = Mirrors.Select((mirror, at) => Address(mirror, $"mirror {at + 1}")).Prepend(Address(Endpoint!, "the endpoint")).ToList();
        var client = addresses.Count == 1 && CallsPerEndpoint == 0 ? Connect(addresses[0], resources) : Pool(addresses, resources);
        return new ChatPolicy(client, this, new Resilience(Resilience, resources.Time));
    }

    // What is refused may hold a secret, so it is named and not shown.
    private static Uri Address(string text, string name) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Query.Length == 0
            ? address
            : throw new OptionsException(nameof(ChatPolicyOptions), [$"{name} must be an http or https address without user, password or query; a key is given apart from it"]);

    private IChatClient Connect(Uri address, PolicyResources resources) => OpenAiEndpoint.Connect(address, Model!, resources.ApiKey, asksForIds: !Streaming, resources.Time);

    private EndpointPool Pool(IReadOnlyList<Uri> addresses, PolicyResources resources) => new(
        [.. addresses.Select(address => new PooledEndpoint(address.AbsoluteUri, Connect(address, resources), new EndpointHealth(address, resources.ApiKey).IsWellAsync))],
        CallsPerEndpoint,
        TimeSpan.FromSeconds(RestSeconds),
        resources.Time);
}

/// <summary>Asks a chat model. Retries, limits and time-outs are those of <see cref="Resilience"/>; the client must have none of its own.</summary>
public sealed class ChatPolicy : IPolicy
{
    /// <summary>Characters of a stream beyond which it is no longer read, for each token that was allowed.</summary>
    private const int CharactersPerToken = 32;

    /// <summary>Before the endpoint has answered even once, this many failures to reach it are enough to say that it is not there.</summary>
    private const int FailuresBeforeFirstAnswer = 2;

    private readonly IChatClient _client;
    private readonly ChatPolicyOptions _options;
    private readonly Resilience _resilience;
    private volatile bool _hasAnswered;
    private int _failures;

    /// <summary>A policy over any chat client.</summary>
    /// <param name="client">Not disposed here.</param>
    /// <param name="options">The endpoint's address is not used.</param>
    /// <param name="resilience">Pipelines of the calls.</param>
    public ChatPolicy(IChatClient client, ChatPolicyOptions options, Resilience resilience)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(resilience);
        (_client, _options, _resilience) = (client, options, resilience);
        Id = $"chat/1:{options.Model}";
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public async Task<Completion> CompleteAsync(PolicyRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _resilience.RunAsync("chat", token => CallAsync(request, token), cancellationToken).ConfigureAwait(false);
        }
        catch (TransientCallException failure) when (failure.IsUnreachable)
        {
            throw NotThere(failure);
        }
        catch (TransientCallException failure)
        {
            throw new PolicyFailedException(failure.Message, failure);
        }
    }

    private async Task<Completion> CallAsync(PolicyRequest request, CancellationToken cancellationToken)
    {
        var messages = ChatMessages.Of(request, _options.Rounds);
        var options = OptionsFor(request);
        try
        {
            var response = _options.Streaming
                ? await ReadStreamAsync(messages, options, request.MaxTokens * CharactersPerToken, cancellationToken).ConfigureAwait(false)
                : await _client.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            _hasAnswered = true;
            return _options.Rounds == ChatRounds.Tools ? new Completion(ToolRounds.TextOf(response, request)) : CompletionOf(response);
        }
        catch (Exception problem) when (CallFailures.Translated(problem, cancellationToken) is { } failure)
        {
            throw failure is TransientCallException { IsUnreachable: true } missing && !_hasAnswered && Interlocked.Increment(ref _failures) >= FailuresBeforeFirstAnswer
                ? NotThere(missing)
                : failure;
        }
    }

    private ChatOptions OptionsFor(PolicyRequest request) => new()
    {
        ModelId = _options.Model,
        Temperature = (float)_options.Temperature,
        TopP = (float)_options.TopP,
        FrequencyPenalty = 0,
        PresencePenalty = 0,
        MaxOutputTokens = request.MaxTokens,
        Seed = (long)(request.Seed.Value & int.MaxValue),
        StopSequences = _options.Rounds == ChatRounds.Text && !request.FinalAnswerForced ? [.. request.Stops] : null,
        Tools = _options.Rounds == ChatRounds.Tools && !request.FinalAnswerForced ? [SearchTool.Declaration] : null,
    };

    private async Task<ChatResponse> ReadStreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, int maxCharacters, CancellationToken cancellationToken)
    {
        var updates = new List<ChatResponseUpdate>();
        var characters = 0;
        await foreach (var update in _client.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            updates.Add(update);
            characters += update.Text.Length;
            if (characters > maxCharacters)
            {
                return updates.ToChatResponse();
            }
        }

        return updates.Exists(update => update.FinishReason is not null)
            ? updates.ToChatResponse()
            : throw new TransientCallException("the stream of the completion broke off before its end");
    }

    private static Completion CompletionOf(ChatResponse response)
    {
        var text = response.Text;
        if (text.Length == 0 && response.FinishReason == ChatFinishReason.ContentFilter)
        {
            throw new PolicyFailedException("the endpoint's content filter withheld the completion");
        }

        var extras = WireExtras.Of(response);
        return new Completion(text, extras?.TokenIds, extras?.LogProbs);
    }

    private EndpointUnreachableException NotThere(TransientCallException failure) => new(
        $"{_options.Endpoint ?? Id}: {failure.Message}. Check that the server runs and that the address is right", failure);
}
