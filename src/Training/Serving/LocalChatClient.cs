using System.Runtime.CompilerServices;
using Agentic.Retrieval;
using Microsoft.Extensions.AI;

namespace Agentic.Training;

/// <summary>A model of a folder as a chat client: the texts of the messages follow each other as they stand, and the model goes on.</summary>
/// <remarks>Models of our own have no chat template; one with roles of its own needs a client that writes them. Safe for concurrent use.</remarks>
/// <param name="model">Not disposed with this.</param>
/// <param name="modelId">Name in the metadata and in responses.</param>
public sealed class LocalChatClient(LocalModel model, string modelId) : IChatClient
{
    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = RequestOf(messages, options);
        var generation = await model.Generator.GenerateAsync(request, cancellationToken).ConfigureAwait(false);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, generation.Text))
        {
            ModelId = modelId,
            FinishReason = FinishOf(generation),
            Usage = UsageOf(request, generation),
            RawRepresentation = generation,
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = RequestOf(messages, options);
        await foreach (var piece in model.Generator.StreamAsync(request, cancellationToken).ConfigureAwait(false))
        {
            yield return piece.Whole is { } whole
                ? new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(UsageOf(request, whole))]) { ModelId = modelId, FinishReason = FinishOf(whole), RawRepresentation = whole }
                : new ChatResponseUpdate(ChatRole.Assistant, piece.Text) { ModelId = modelId };
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("agentic", defaultModelId: modelId)
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(model) ? model
            : null;
    }

    /// <summary>Does nothing: the model belongs to whoever loaded it.</summary>
    public void Dispose()
    {
    }

    private GenerationRequest RequestOf(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var tokenizer = model.Tokenizer;
        int[] opening = tokenizer.BosId is { } bos ? [bos] : [];
        int[] prompt = [.. opening, .. messages.SelectMany(message => tokenizer.Encode(message.Text))];
        var request = new GenerationRequest(prompt.Length > 0 ? prompt : throw new ArgumentException("there is no text to go on with", nameof(messages)))
        {
            Sampling = new SamplingOptions { Temperature = options?.Temperature ?? 0, TopK = options?.TopK ?? 0, TopP = options?.TopP ?? 1 },
            Seed = new Seed((ulong)(options?.Seed ?? 0)),
            Stops = [.. options?.StopSequences ?? []],
        };
        return options?.MaxOutputTokens is { } most ? request with { MaxTokens = most } : request;
    }

    private static ChatFinishReason FinishOf(Generation generation) =>
        generation.Finish is FinishReason.End or FinishReason.StopString ? ChatFinishReason.Stop : ChatFinishReason.Length;

    private static UsageDetails UsageOf(GenerationRequest request, Generation generation) => new()
    {
        InputTokenCount = request.Prompt.Count,
        OutputTokenCount = generation.Tokens.Count,
        TotalTokenCount = request.Prompt.Count + generation.Tokens.Count,
        CachedInputTokenCount = generation.ReusedTokens,
    };
}
