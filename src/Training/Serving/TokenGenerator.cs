using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private readonly IDecoder _decoder;
    private readonly ModelTokenizer _tokenizer;
    private readonly GeneratorOptions _options;
    private readonly Channel<ActiveSequence> _entrance;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private readonly List<ActiveSequence> _waiting = [];
    private readonly List<ActiveSequence> _active = [];
    private readonly List<DecoderRow> _rows = [];
    private readonly List<ActiveSequence> _asking = [];
    private readonly Sampler _sampler = new();
    private readonly PrefixStore _prefixes;
    private float[] _logits = [];
    private volatile bool _closed;
    private volatile Exception? _broken;

    internal TokenGenerator(IDecoder decoder, ModelTokenizer tokenizer, GeneratorOptions options)
    {
        (_decoder, _tokenizer, _options) = (decoder, tokenizer, OptionsGuard.Checked(options));
        ContextTokens = Math.Min(options.ContextTokens ?? int.MaxValue, decoder.Options.ContextLength);
        _prefixes = new PrefixStore(options.KeptTokens);
        _entrance = Channel.CreateBounded<ActiveSequence>(options.MaxWaiting);
        _thread = new Thread(Work) { IsBackground = true, Name = "generation" };
        _thread.Start();
    }

    /// <summary>Most tokens of a sequence, prompt and all.</summary>
    public int ContextTokens { get; }

    /// <summary>Blocks of cache in use, those kept for later sequences included.</summary>
    internal int LiveBlocks => _decoder.LiveBlocks;

    /// <summary>Goes on with a sequence until something ends it.</summary>
    /// <exception cref="PromptTooLongException">The prompt fills the context.</exception>
    /// <exception cref="AgenticException">The model's weights are damaged.</exception>
    public async Task<Generation> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var sequence = Checked(request, null, cancellationToken);
        await using var registration = cancellationToken.Register(() => Cancel(sequence)).ConfigureAwait(false);
        await EnterAsync(sequence, cancellationToken).ConfigureAwait(false);
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
        await using var registration = left.Token.Register(() => Cancel(sequence)).ConfigureAwait(false);
        await EnterAsync(sequence, cancellationToken).ConfigureAwait(false);
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
        if (_closed)
        {
            return;
        }

        _closed = true;
        _entrance.Writer.TryComplete();
        _wake.Release();
        _thread.Join();
        _prefixes.Dispose();
        _decoder.Dispose();
    }

    private ActiveSequence Checked(GenerationRequest request, ChannelWriter<string>? stream, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Count, nameof(request));
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MaxTokens, 1, nameof(request));
        OptionsGuard.Checked(request.Sampling);
        if (request.Prompt.FirstOrDefault(id => id < 0 || id >= _decoder.Options.VocabularySize, -1) is >= 0 and var unknown || request.Prompt.Contains(-1))
        {
            throw new ArgumentException("the prompt has an id that the model does not have", nameof(request));
        }

        return request.Prompt.Count < ContextTokens
            ? new ActiveSequence(request, _tokenizer, ContextTokens, stream, cancellationToken)
            : throw new PromptTooLongException(request.Prompt.Count, ContextTokens);
    }

    private async ValueTask EnterAsync(ActiveSequence sequence, CancellationToken cancellationToken)
    {
        try
        {
            await _entrance.Writer.WriteAsync(sequence, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            ObjectDisposedException.ThrowIf(_broken is null, this);
            throw new InvalidOperationException("the generator has stopped after a defect", _broken);
        }

        _wake.Release();
    }

    private void Cancel(ActiveSequence sequence)
    {
        sequence.Cancel();
        _wake.Release();
    }

    private void Work()
    {
        try
        {
            while (true)
            {
                DropEnded();
                Admit();
                if (_active.Count > 0)
                {
                    Forward();
                }
                else if (_closed && _waiting.Count == 0 && !_entrance.Reader.TryPeek(out _))
                {
                    return;
                }
                else
                {
                    _wake.Wait();
                }
            }
        }
#pragma warning disable CA1031 // An exception that leaves a thread ends the process: here it ends those who wait.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Break(exception);
        }
    }

    private void Break(Exception exception)
    {
        _broken = exception;
        _entrance.Writer.TryComplete();
        while (_entrance.Reader.TryRead(out var sequence))
        {
            _waiting.Add(sequence);
        }

        foreach (var sequence in _waiting.Concat(_active))
        {
            sequence.Fail(exception);
        }

        DropEnded();
    }

    private void DropEnded()
    {
        _waiting.RemoveAll(sequence => sequence.IsOver);
        foreach (var sequence in _active.Where(sequence => sequence.IsOver))
        {
            var cache = sequence.TakeCache()!;
            if (sequence.Result.IsCompletedSuccessfully)
            {
                _prefixes.Keep(sequence.Ids.GetRange(0, sequence.Read), cache);
            }
            else
            {
                cache.Dispose();
            }
        }

        _active.RemoveAll(sequence => sequence.IsOver);
    }

    private void Admit()
    {
        while (_waiting.Count < _options.MaxSequences && _entrance.Reader.TryRead(out var sequence))
        {
            _waiting.Add(sequence);
        }

        for (var at = 0; at < _waiting.Count && _active.Count < _options.MaxSequences;)
        {
            var sequence = _waiting[at];
            if (Begin(CollectionsMarshal.AsSpan(sequence.Ids)) is { } cache)
            {
                _waiting.RemoveAt(at);
                sequence.Start(cache);
                _active.Add(sequence);
            }
            else
            {
                at++;
            }
        }
    }

    /// <summary>The longest known beginning of a prompt, or an empty sequence; null when it is worth waiting for a sequence that is reading the same prompt now.</summary>
    private ISequenceCache? Begin(ReadOnlySpan<int> prompt)
    {
        var (known, source, coming) = (_prefixes.Match(prompt), (ActiveSequence?)null, 0);
        foreach (var other in _active)
        {
            var common = PrefixStore.Common(prompt, CollectionsMarshal.AsSpan(other.Ids));
            (known, source) = Math.Min(common, other.Read) > known ? (Math.Min(common, other.Read), other) : (known, source);
            coming = Math.Max(coming, other.IsReadingPrompt ? common : 0);
        }

        if (coming >= known + PrefixStore.ShortestMatch)
        {
            return null;
        }

        return source is not null && known >= PrefixStore.ShortestMatch ? source.Cache!.Fork(known) : _prefixes.Begin(prompt) ?? _decoder.NewSequence();
    }

    private void Forward()
    {
        Plan();
        var size = _decoder.Options.VocabularySize;
        if (_logits.Length < _asking.Count * size)
        {
            _logits = new float[_asking.Count * size];
        }

        _decoder.Forward(_rows, _logits);
        for (var at = 0; at < _asking.Count; at++)
        {
            var sequence = _asking[at];
            try
            {
                sequence.Add(_sampler.Choose(_logits.AsSpan(at * size, size), sequence.Request.Sampling, sequence.Request.Seed, sequence.Generated, sequence.Request.TopLogProbs));
            }
            catch (AgenticException damaged)
            {
                sequence.Fail(damaged);
            }
        }
    }

    /// <summary>One row for each sequence that decodes; beside them prompts are read, the first come first.</summary>
    private void Plan()
    {
        _rows.Clear();
        _asking.Clear();
        foreach (var sequence in _active.Where(sequence => !sequence.IsReadingPrompt))
        {
            _rows.Add(new DecoderRow(sequence.Cache!, sequence.Ids[sequence.Read++], _asking.Count));
            _asking.Add(sequence);
        }

        var budget = _options.PromptRows;
        foreach (var sequence in _active.Where(sequence => sequence.IsReadingPrompt))
        {
            var end = Math.Min(sequence.Ids.Count, sequence.Read + budget);
            budget -= end - sequence.Read;
            while (sequence.Read < end)
            {
                var asks = sequence.Read + 1 == sequence.Ids.Count;
                _rows.Add(new DecoderRow(sequence.Cache!, sequence.Ids[sequence.Read++], asks ? _asking.Count : -1));
                if (asks)
                {
                    _asking.Add(sequence);
                }
            }
        }
    }
}
