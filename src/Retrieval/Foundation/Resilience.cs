using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace Agentic.Retrieval;

/// <summary>How calls over a network are made to last.</summary>
public sealed record ResilienceOptions
{
    /// <summary>Longest a call may take with all its attempts and waits.</summary>
    [Range(0.1, 86_400)] public double TotalTimeoutSeconds { get; init; } = 600;

    /// <summary>Longest one attempt may take.</summary>
    [Range(0.1, 86_400)] public double AttemptTimeoutSeconds { get; init; } = 120;

    /// <summary>Attempts after the first.</summary>
    [Range(0, 100)] public int MaxRetries { get; init; } = 5;

    /// <summary>Wait before the first retry; doubled each time, with jitter. A server's Retry-After takes its place.</summary>
    [Range(0.001, 3_600)] public double BaseDelaySeconds { get; init; } = 1;

    /// <summary>Longest wait that is not asked for by the server.</summary>
    [Range(0.001, 3_600)] public double MaxDelaySeconds { get; init; } = 30;

    /// <summary>Calls begun a second at most, evenly spaced; 0 for no limit.</summary>
    [Range(0, 100_000)] public double CallsPerSecond { get; init; }

    /// <summary>Attempts within a minute after which, when nine in ten have failed (throttling left out), nothing is sent for <see cref="BreakSeconds"/>.</summary>
    [Range(2, 10_000)] public int AttemptsUntilBreak { get; init; } = 10;

    /// <summary>How long nothing is sent once the circuit is broken.</summary>
    [Range(0.5, 3_600)] public double BreakSeconds { get; init; } = 15;
}

/// <summary>A call failed in a way that may pass: connection, overload, time-out. Throw it inside <see cref="Resilience.RunAsync"/> to be tried again.</summary>
/// <param name="reason">What happened, in one sentence.</param>
public sealed class TransientCallException(string reason, Exception? inner = null) : AgenticException(reason, inner)
{
    /// <summary>The wait the server asked for, when it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the server is well but asked for fewer calls.</summary>
    public bool IsThrottle { get; init; }

    /// <summary>True when nothing answered at all.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>HTTP statuses that may pass: 408, 429 and 5xx except 501 and 505. No other 4xx is ever tried again.</summary>
    public static bool IsTransient(int status) => status is 408 or 429 or (>= 500 and < 600 and not 501 and not 505);
}

/// <summary>The one place where calls are tried again: total time-out, rate limit, retry, circuit breaker, attempt time-out, in this order from the outside.</summary>
/// <remarks>A pipeline lives as long as its factory and is shared by all calls under its name. Safe for concurrent use.</remarks>
public sealed class Resilience
{
    private readonly ConcurrentDictionary<string, ResiliencePipeline> _pipelines = new(StringComparer.Ordinal);
    private readonly ResilienceOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;

    /// <summary>A factory of pipelines.</summary>
    /// <param name="options">Limits for every pipeline.</param>
    /// <param name="time">Clock of every wait; the system's when null.</param>
    /// <param name="seed">Of the jitter.</param>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public Resilience(ResilienceOptions options, TimeProvider? time = null, Seed seed = default)
    {
        _options = OptionsGuard.Checked(options);
        _time = time ?? TimeProvider.System;
        _random = seed.Derive("jitter").ToRandom();
    }

    /// <summary>Makes a call under the pipeline called <paramref name="name"/>.</summary>
    /// <exception cref="TransientCallException">It failed to the end, ran out of time, or the circuit is broken; any other exception of the call passes through at once.</exception>
    public async Task<T> RunAsync<T>(string name, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var pipeline = _pipelines.GetOrAdd(name, _ => Build());
        try
        {
            return await pipeline.ExecuteAsync(async token => await call(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException timeout)
        {
            throw new TransientCallException($"{name}: no answer within {timeout.Timeout.TotalSeconds:0.#} s", timeout);
        }
        catch (BrokenCircuitException broken)
        {
            throw new TransientCallException($"{name}: too many calls failed ({broken.InnerException?.Message ?? "no answer"})", broken) { IsUnreachable = true };
        }
    }

    private ResiliencePipeline Build()
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = _time };
        builder.AddTimeout(TimeSpan.FromSeconds(_options.TotalTimeoutSeconds));
        if (_options.CallsPerSecond > 0)
        {
            var pace = new Pace(TimeSpan.FromSeconds(1 / _options.CallsPerSecond), _time);
            builder.AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = arguments => pace.AcquireAsync(1, arguments.Context.CancellationToken) });
        }

        if (_options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<TransientCallException>().Handle<TimeoutRejectedException>().Handle<BrokenCircuitException>(),
                MaxRetryAttempts = _options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(_options.BaseDelaySeconds),
                MaxDelay = TimeSpan.FromSeconds(_options.MaxDelaySeconds),
                DelayGenerator = arguments => ValueTask.FromResult(AskedFor(arguments.Outcome.Exception)),
                Randomizer = NextRandom,
            });
        }

        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<TransientCallException>(failure => !failure.IsThrottle).Handle<TimeoutRejectedException>(),
                FailureRatio = 0.9,
                MinimumThroughput = _options.AttemptsUntilBreak,
                SamplingDuration = TimeSpan.FromMinutes(1),
                BreakDuration = TimeSpan.FromSeconds(_options.BreakSeconds),
            })
            .AddTimeout(TimeSpan.FromSeconds(_options.AttemptTimeoutSeconds))
            .Build();
    }

    private static TimeSpan? AskedFor(Exception? failure) => failure switch
    {
        TransientCallException { RetryAfter: { } wait } => wait,
        BrokenCircuitException { RetryAfter: { } wait } => wait,
        _ => null,
    };

    private double NextRandom()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
}
