using System.Text;
using System.Threading.Channels;

namespace Agentic.Training;

/// <summary>A request on its way: what was asked, what has come, and who waits for it.</summary>
/// <remarks>Touched by the generator's thread alone, except <see cref="Result"/> and what ends it.</remarks>
internal sealed class ActiveSequence
{
    private readonly ModelTokenizer _tokenizer;
    private readonly TokenDecoder _decoder;
    private readonly StopFinder _stops;
    private readonly StringBuilder _text = new();
    private readonly List<SampledToken> _tokens = [];
    private readonly TaskCompletionSource<Generation> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChannelWriter<string>? _stream;
    private readonly int _maxLength;
    private readonly CancellationToken _cancelled;

    /// <param name="request">What is asked.</param>
    /// <param name="tokenizer">Gives the text of ids and the end.</param>
    /// <param name="maxLength">Most tokens of the sequence.</param>
    /// <param name="stream">Receives text as it becomes certain; null when nobody listens.</param>
    /// <param name="cancelled">Ends it without a result.</param>
    public ActiveSequence(GenerationRequest request, ModelTokenizer tokenizer, int maxLength, ChannelWriter<string>? stream, CancellationToken cancelled)
    {
        (Request, _tokenizer, _maxLength, _stream, _cancelled) = (request, tokenizer, maxLength, stream, cancelled);
        _decoder = tokenizer.StartDecoder(request.Prompt[^1]);
        _stops = new StopFinder(request.Stops);
        Ids = [.. request.Prompt];
    }

    public GenerationRequest Request { get; }

    /// <summary>Prompt and what was generated.</summary>
    public List<int> Ids { get; }

    /// <summary>Keys and values of the first <see cref="Read"/> ids; null before its turn and after its end.</summary>
    public ISequenceCache? Cache { get; private set; }

    /// <summary>Ids that the model has read.</summary>
    public int Read { get; set; }

    /// <summary>Ids it did not have to read, because a sequence before it had.</summary>
    public int Reused { get; private set; }

    /// <summary>Tokens generated.</summary>
    public int Generated => _tokens.Count;

    public bool IsReadingPrompt => Read < Request.Prompt.Count;

    public bool IsOver => _result.Task.IsCompleted;

    public Task<Generation> Result => _result.Task;

    /// <summary>Its turn has come; <paramref name="cache"/> has read its beginning, or nothing.</summary>
    public void Start(ISequenceCache cache) => (Cache, Read, Reused) = (cache, cache.Length, cache.Length);

    /// <summary>Takes the next token and ends the generation when it was the last.</summary>
    public void Add(SampledToken token)
    {
        _tokens.Add(token);
        Ids.Add(token.Id);
        // A token that opens a text ends the one before it: models of llama2.c never write their end token.
        var ends = (Request.StopsAtEnd && (token.Id == _tokenizer.EndId || token.Id == _tokenizer.BosId)) || Request.StopIds.Contains(token.Id);
        if (!ends)
        {
            Release(_stops.Push(_decoder.Push(token.Id)));
        }

        var reason = ends ? FinishReason.End
            : _stops.IsFound ? FinishReason.StopString
            : _tokens.Count >= Request.MaxTokens ? FinishReason.MaxTokens
            : Ids.Count >= _maxLength ? FinishReason.Context
            : (FinishReason?)null;
        if (reason is { } last)
        {
            Finish(last);
        }
    }

    /// <summary>Ends it with an error.</summary>
    public void Fail(Exception error)
    {
        _stream?.TryComplete(error);
        _result.TrySetException(error);
    }

    /// <summary>Ends it for whoever waits at once; its cache goes back when the generator sees it.</summary>
    public void Cancel()
    {
        _result.TrySetCanceled(_cancelled);
        _stream?.TryComplete(new OperationCanceledException(_cancelled));
    }

    /// <summary>Gives its cache away.</summary>
    public ISequenceCache? TakeCache()
    {
        var cache = Cache;
        Cache = null;
        return cache;
    }

    private void Finish(FinishReason reason)
    {
        if (!_stops.IsFound)
        {
            Release(_stops.Push(_decoder.Flush()));
            Release(_stops.Flush());
        }

        var text = _text.ToString();
        var exact = reason == FinishReason.StopString ? TokensOf(text) : _tokens.Count;
        var generation = new Generation(text, _tokens, reason) { ExactTokens = exact, ReusedTokens = Reused };
        _result.TrySetResult(generation);
        _stream?.TryComplete();
    }

    /// <summary>How many tokens spell a text that a stop string cut off; null when none do.</summary>
    private int? TokensOf(string text)
    {
        for (var count = 0; count <= _tokens.Count; count++)
        {
            var spelled = _tokenizer.DecodeAfter(Request.Prompt[^1], _tokens.Take(count).Select(token => token.Id));
            if (spelled.Length >= text.Length)
            {
                return spelled == text ? count : null;
            }
        }

        return null;
    }

    private void Release(string text)
    {
        _text.Append(text);
        if (text.Length > 0)
        {
            _stream?.TryWrite(text);
        }
    }
}
