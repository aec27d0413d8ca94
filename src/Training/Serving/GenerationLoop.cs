using System.Runtime.InteropServices;
using System.Threading.Channels;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>The thread on which sequences are generated: they join and leave between any two forwards.</summary>
internal sealed class GenerationLoop : IDisposable
{
    private readonly IDecoder _decoder;
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

    /// <param name="decoder">Used by the thread alone from now on, and disposed with this.</param>
    /// <param name="options">How much is generated side by side.</param>
    public GenerationLoop(IDecoder decoder, GeneratorOptions options)
    {
        (_decoder, _options) = (decoder, options);
        _prefixes = new PrefixStore(options.KeptTokens);
        _entrance = Channel.CreateBounded<ActiveSequence>(options.MaxWaiting);
        _thread = new Thread(Work) { IsBackground = true, Name = "generation" };
        _thread.Start();
    }

    /// <summary>Puts a sequence in line, waiting for room there.</summary>
    public async ValueTask EnterAsync(ActiveSequence sequence, CancellationToken cancellationToken)
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

    /// <summary>Ends a sequence wherever it stands.</summary>
    public void Cancel(ActiveSequence sequence)
    {
        sequence.Cancel();
        _wake.Release();
    }

    /// <summary>Takes no more sequences and waits for those in line.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        // In this order nothing can enter behind a thread that has seen the end.
        _entrance.Writer.TryComplete();
        _closed = true;
        _wake.Release();
        _thread.Join();
        _prefixes.Dispose();
        _decoder.Dispose();
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
                    _wake.Wait(Timeout.Infinite);
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
        // Looked at once: a sequence cancelled meanwhile keeps its cache until the next time.
        var ended = _active.FindAll(sequence => sequence.IsOver);
        foreach (var sequence in ended)
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

        _active.RemoveAll(ended.Contains);
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
