using Microsoft.Extensions.Time.Testing;

namespace Agentic.Retrieval.Tests;

public sealed class ResilienceTests
{
    private static readonly ResilienceOptions Options = new() { MaxRetries = 3, BaseDelaySeconds = 1, AttemptTimeoutSeconds = 10, TotalTimeoutSeconds = 86_400, AttemptsUntilBreak = 100 };

    private readonly FakeTimeProvider _time = new();
    private readonly List<TimeSpan> _calls = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Resilience With(ResilienceOptions options) => new(options, _time, new Seed(7));

    // The clock only moves here, a quarter of a second whenever the code had a moment to react, until the call is over. On a busy machine it may run
    // ahead of the code that waits for it: lower bounds on times are exact, upper bounds are not asserted.
    private async Task<T> FinishAsync<T>(Task<T> task)
    {
        while (await Task.WhenAny(task, Task.Delay(1, Cancellation)) != task)
        {
            Assert.True(_time.GetUtcNow() - _time.Start < TimeSpan.FromDays(1), "the call does not end");
            _time.Advance(TimeSpan.FromSeconds(0.25));
        }

        return await task;
    }

    private Func<CancellationToken, Task<int>> Failing(int times, Func<Exception> failure) => _ =>
    {
        _calls.Add(_time.GetUtcNow() - _time.Start);
        return _calls.Count <= times ? Task.FromException<int>(failure()) : Task.FromResult(42);
    };

    [Fact]
    public async Task A_failure_that_passes_is_not_seen()
    {
        var result = await FinishAsync(With(Options).RunAsync("chat", Failing(3, () => new TransientCallException("overloaded")), Cancellation));

        Assert.Equal(42, result);
        Assert.Equal(4, _calls.Count);
    }

    [Fact]
    public async Task A_failure_that_stays_comes_out_after_the_last_retry()
    {
        var failure = await Assert.ThrowsAsync<TransientCallException>(() =>
            FinishAsync(With(Options).RunAsync("chat", Failing(99, () => new TransientCallException("overloaded")), Cancellation)));

        Assert.Equal("overloaded", failure.Message);
        Assert.Equal(4, _calls.Count);
    }

    [Fact]
    public async Task What_is_not_transient_is_never_tried_again()
    {
        await Assert.ThrowsAsync<AgenticException>(() => FinishAsync(With(Options).RunAsync("chat", Failing(1, () => new AgenticException("bad request")), Cancellation)));

        Assert.Single(_calls);
    }

    // Its own first wait would be 1 s before jitter; Retry-After asks for 70 s.
    [Fact]
    public async Task The_wait_a_server_asks_for_is_kept()
    {
        await FinishAsync(With(Options).RunAsync("chat", Failing(1, () => new TransientCallException("slow down") { RetryAfter = TimeSpan.FromSeconds(70), IsThrottle = true }), Cancellation));

        Assert.True(_calls[1] - _calls[0] >= TimeSpan.FromSeconds(70));
    }

    [Fact]
    public async Task A_hanging_attempt_is_given_up_and_tried_again()
    {
        var result = await FinishAsync(With(Options).RunAsync(
            "chat",
            async token =>
            {
                _calls.Add(_time.GetUtcNow() - _time.Start);
                if (_calls.Count == 1)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, token);
                }

                return 42;
            },
            Cancellation));

        Assert.Equal(42, result);
        Assert.True(_calls[1] >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_total_time_is_bounded_whatever_the_retries()
    {
        var options = Options with { MaxRetries = 100, TotalTimeoutSeconds = 20 };

        var failure = await Assert.ThrowsAsync<TransientCallException>(() =>
            FinishAsync(With(options).RunAsync("chat", Failing(99, () => new TransientCallException("overloaded") { RetryAfter = TimeSpan.FromSeconds(9) }), Cancellation)));

        Assert.Contains("no answer within 20 s", failure.Message, StringComparison.Ordinal);
        Assert.InRange(_calls.Count, 1, 3);
    }

    [Fact]
    public async Task A_broken_circuit_sends_nothing_until_it_is_mended()
    {
        var resilience = With(Options with { MaxRetries = 0, AttemptsUntilBreak = 2, BreakSeconds = 30 });
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<TransientCallException>(() => FinishAsync(resilience.RunAsync("chat", Failing(2, () => new TransientCallException("refused")), Cancellation)));
        }

        var broken = await Assert.ThrowsAsync<TransientCallException>(() => FinishAsync(resilience.RunAsync("chat", Failing(2, () => new TransientCallException("refused")), Cancellation)));
        Assert.True(broken.IsUnreachable);
        Assert.Equal(2, _calls.Count);

        Assert.Equal(42, await FinishAsync(resilience.RunAsync("judge", _ => Task.FromResult(42), Cancellation)));
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(42, await FinishAsync(resilience.RunAsync("chat", Failing(2, () => new TransientCallException("refused")), Cancellation)));
    }

    [Fact]
    public async Task Throttling_does_not_break_the_circuit()
    {
        var resilience = With(Options with { MaxRetries = 50, AttemptsUntilBreak = 2 });

        Assert.Equal(42, await FinishAsync(resilience.RunAsync("chat", Failing(20, () => new TransientCallException("slow down") { IsThrottle = true, RetryAfter = TimeSpan.FromSeconds(1) }), Cancellation)));
    }

    // 2 calls a second: the third of three calls made at once begins 1 s after the first at the earliest.
    [Fact]
    public async Task Calls_begin_no_faster_than_their_pace()
    {
        var resilience = With(Options with { CallsPerSecond = 2 });
        await FinishAsync(Task.WhenAll(Enumerable.Range(0, 3).Select(_ => resilience.RunAsync("chat", Failing(0, () => new AgenticException("")), Cancellation))));

        Assert.True(_calls[2] - _calls[0] >= TimeSpan.FromSeconds(0.99));
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    [InlineData(503, true)]
    [InlineData(505, false)]
    public void Statuses_that_may_pass(int status, bool expected) => Assert.Equal(expected, TransientCallException.IsTransient(status));

    [Fact]
    public void Options_out_of_range_are_refused() =>
        Assert.Equal(2, Assert.Throws<OptionsException>(() => new Resilience(new ResilienceOptions { MaxRetries = -1, BaseDelaySeconds = 0 })).Problems.Count);
}
