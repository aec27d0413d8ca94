using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A prompt that leaves no room in a model's context.</summary>
public sealed class PromptTooLongException(int promptTokens, int contextTokens)
    : AgenticException($"the prompt has {promptTokens} tokens, and the context of {contextTokens} leaves no room to go on; shorten the prompt or use a model with a longer context");

/// <summary>A piece of a generation as it comes.</summary>
/// <param name="Text">Text that is certain; the pieces together are the whole text.</param>
/// <param name="Whole">The generation; on the last piece alone.</param>
public readonly record struct GenerationPiece(string Text, Generation? Whole);

/// <summary>Generates many sequences side by side on a thread of its own: they join and leave between any two tokens (continuous batching, Yu et al. 2022).</summary>
/// <remarks>
/// Safe for concurrent use. What a request gives depends on its own fields and the model alone, never on what is generated beside it.
/// Prompts that begin like a sequence known already share its keys and values. Disposal takes no more requests and waits for those accepted.
/// </remarks>
public sealed class TokenGenerator : IDisposable
{
    private readonly ModelTokenizer _tokenizer;
    private readonly GenerationLoop _loop;
    private readonly IDecoder _decoder;
    private volatile bool _disposed;

    /// <param name="decoder">Reads the sequences; disposed with this.</param>
    /// <param name="tokenizer">Gives the text of ids and the end.</param>
    /// <param name="options">How much is generated side by side.</param>
    /// <param name="contextTokens">Most tokens of a sequence; null, or more than the model's, for the model's context.</param>
    internal TokenGenerator(IDecoder decoder, ModelTokenizer tokenizer, GeneratorOptions options, int? contextTokens = null)
    {
        (_decoder, _tokenizer) = (decoder, tokenizer);
        ContextTokens = Math.Min(contextTokens ?? int.MaxValue, decoder.Options.ContextLength);
        _loop = new GenerationLoop(decoder, OptionsGuard.Checked(options));
    }

    /// <summary>Most tokens of a sequence, prompt and all.</summary>
    public int ContextTokens { get; }

    /// <summary>Goes on with a sequence until something ends it.</summary>
    /// <exception cref="PromptTooLongException">The prompt fills the context.</exception>
    /// <exception cref="AgenticException">The model's weights are damaged.</exception>
    public async Task<Generation> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var sequence = Checked(request, null, cancellationToken);
        await using var registration = cancellationToken.Register(() => _loop.Cancel(sequence)).ConfigureAwait(false);
        await _loop.EnterAsync(sequence, cancellationToken).ConfigureAwait(false);
        return await sequence.Result.ConfigureAwait(false);
    }

    /// <summary>The same piece by piece; leaving the enumeration ends the generation.</summary>
    /// <exception cref="PromptTooLongException">The prompt fills the context.</exception>
    /// <exception cref="AgenticException">The model's weights are damaged.</exception>
    public async IAsyncEnumerable<GenerationPiece> StreamAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        var sequence = Checked(request, pieces.Writer, left.Token);
        await using var registration = left.Token.Register(() => _loop.Cancel(sequence)).ConfigureAwait(false);
        await _loop.EnterAsync(sequence, cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (var text in pieces.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return new GenerationPiece(text, null);
            }

            yield return new GenerationPiece("", await sequence.Result.ConfigureAwait(false));
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _loop.Dispose();
    }

    private ActiveSequence Checked(GenerationRequest request, ChannelWriter<string>? stream, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Count, nameof(request));
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MaxTokens, 1, nameof(request));
        OptionsGuard.Checked(request.Sampling);
        if (request.Prompt.Any(id => id < 0 || id >= _decoder.Options.VocabularySize))
        {
            throw new ArgumentException("the prompt has an id that the model does not have", nameof(request));
        }

        return request.Prompt.Count < ContextTokens
            ? new ActiveSequence(request, _tokenizer, ContextTokens, stream, cancellationToken)
            : throw new PromptTooLongException(request.Prompt.Count, ContextTokens);
    }
}
