namespace Agentic.Agent;

/// <summary>How far a collection has come.</summary>
/// <param name="Done">Attempts made, failed ones included.</param>
/// <param name="Total">Attempts of the plan.</param>
/// <param name="Tokens">O200k tokens of all attempts so far.</param>
/// <param name="Cost">Money they cost.</param>
/// <param name="PerSecond">Attempts a second of this run.</param>
/// <param name="SecondsLeft">What the rest will take at this pace; null before the first attempt.</param>
public readonly record struct CollectionProgress(int Done, int Total, long Tokens, double Cost, double PerSecond, double? SecondsLeft);

/// <summary>Why a run of a collection ended.</summary>
public enum CollectionEnd
{
    /// <summary>Every attempt of the plan is made.</summary>
    Complete,

    /// <summary>A budget is used up.</summary>
    Budget,

    /// <summary>The policy is not there.</summary>
    Unreachable,
}

/// <summary>What a run of a collection came to.</summary>
/// <param name="Status">How far the collection is now.</param>
/// <param name="Made">Attempts made by this run.</param>
/// <param name="Seconds">Wall time of this run.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Reason">The same in a sentence, when attempts are left.</param>
public sealed record CollectionReport(CollectionStatus Status, int Made, double Seconds, CollectionEnd End, string? Reason);

/// <summary>Counts what a run makes and spends.</summary>
internal sealed class CollectionMeter
{
    private readonly Lock _gate = new();
    private readonly CollectionOptions _options;
    private readonly TimeProvider _time;
    private readonly IProgress<CollectionProgress>? _progress;
    private readonly CollectionStatus _before;
    private readonly long _started;
    private long _tokens;
    private double _cost;
    private int _made;
    private volatile string? _usedUp;

    public CollectionMeter(CollectionStatus before, CollectionOptions options, TimeProvider time, IProgress<CollectionProgress>? progress)
    {
        (_before, _options, _time, _progress) = (before, options, time, progress);
        (_started, _tokens, _cost) = (time.GetTimestamp(), before.Tokens, before.Cost);
        Check();
    }

    public bool IsBudgetUsedUp => _usedUp is not null;

    /// <summary>Counts what an attempt took, as soon as it is made: a budget does not wait for the disk.</summary>
    public void Spend(CollectedLine line)
    {
        lock (_gate)
        {
            _tokens += line.Tokens;
            _cost += line.Cost;
            Check();
        }
    }

    /// <summary>Counts stored attempts and reports progress; called by one thread at a time.</summary>
    public void Add(int stored)
    {
        _made += stored;
        if (_progress is not null)
        {
            var done = _before.Committed + _before.Failed + _made;
            var seconds = _time.GetElapsedTime(_started).TotalSeconds;
            _progress.Report(new CollectionProgress(done, _before.Total, _tokens, _cost, seconds > 0 ? _made / seconds : 0, seconds * (_before.Total - done) / _made));
        }
    }

    public CollectionReport Report(CollectionStatus after, bool isOutOfTime, string? unreachable)
    {
        var seconds = _time.GetElapsedTime(_started).TotalSeconds;
        if (after.IsComplete)
        {
            return new CollectionReport(after, _made, seconds, CollectionEnd.Complete, null);
        }

        return unreachable is not null
            ? new CollectionReport(after, _made, seconds, CollectionEnd.Unreachable, unreachable)
            : new CollectionReport(after, _made, seconds, CollectionEnd.Budget, _usedUp ?? (isOutOfTime ? $"the {_options.MaxSeconds} seconds of this run are over" : "stopped"));
    }

    private void Check()
    {
        if (_options.MaxTokens is { } tokens && _tokens >= tokens)
        {
            _usedUp = FormattableString.Invariant($"the budget of {tokens:N0} tokens is used up ({_tokens:N0})");
        }
        else if (_options.MaxCost is { } cost && _cost >= cost)
        {
            _usedUp = FormattableString.Invariant($"the budget of {cost:0.####} is used up ({_cost:0.####})");
        }
    }
}
