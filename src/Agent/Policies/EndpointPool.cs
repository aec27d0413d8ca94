using System.Runtime.CompilerServices;
using Agentic.Retrieval;
using Microsoft.Extensions.AI;

namespace Agentic.Agent;

/// <summary>One of several servers of the same model.</summary>
/// <param name="Name">Its address, to tell it apart.</param>
/// <param name="Client">Makes its calls, without retries of its own.</param>
/// <param name="IsWellAsync">Asks whether it answers at all.</param>
internal sealed record PooledEndpoint(string Name, IChatClient Client, Func<CancellationToken, Task<bool>> IsWellAsync);

/// <summary>Several servers of one model as one client. Calls about the same question go to the same server while it is well, so that its cache of prefixes is of use.</summary>
/// <remarks>
/// A server that cannot be reached, or that fails several times in a row, rests; after that it has to pass a health check to be called again. A call moves on from a server that cannot be
/// reached to the next one; any other failure is the caller's to try again. Which server answers decides nothing but speed, as long as they serve the same model.
/// </remarks>
internal sealed class EndpointPool : IChatClient
{
    private const int FailuresUntilRest = 3;

    private readonly List<Member> _members;
    private readonly TimeSpan _rest;
    private readonly TimeProvider _time;

    /// <param name="endpoints">At least one.</param>
    /// <param name="callsEach">Calls at the same time to each; 0 for no limit.</param>
    /// <param name="rest">How long a server that failed is left alone.</param>
    /// <param name="time">Clock of the rests.</param>
    public EndpointPool(IReadOnlyList<PooledEndpoint> endpoints, int callsEach, TimeSpan rest, TimeProvider time)
    {
        _members = [.. endpoints.Select(endpoint => new Member(endpoint, callsEach > 0 ? new SemaphoreSlim(callsEach) : null))];
        (_rest, _time) = (rest, time);
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatMessage> text = [.. messages];
        return await OnOneAsync(text, member => member.Endpoint.Client.GetResponseAsync(text, options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Read to the end on one server: what has begun on one cannot go on at another.
        IReadOnlyList<ChatMessage> text = [.. messages];
        var updates = await OnOneAsync(text, member => ReadAsync(member.Endpoint.Client.GetStreamingResponseAsync(text, options, cancellationToken), cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var update in updates)
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        foreach (var member in _members)
        {
            member.Endpoint.Client.Dispose();
            member.Places?.Dispose();
        }
    }

    private static async Task<List<ChatResponseUpdate>> ReadAsync(IAsyncEnumerable<ChatResponseUpdate> stream, CancellationToken cancellationToken)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            updates.Add(update);
        }

        return updates;
    }

    private async Task<T> OnOneAsync<T>(IReadOnlyList<ChatMessage> messages, Func<Member, Task<T>> call, CancellationToken cancellationToken)
    {
        TransientCallException? unreachable = null;
        foreach (var member in await InOrderAsync(messages, cancellationToken).ConfigureAwait(false))
        {
            using var place = await member.EnterAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var result = await call(member).ConfigureAwait(false);
                member.Recovered();
                return result;
            }
            catch (Exception problem) when (CallFailures.Translated(problem, cancellationToken) is TransientCallException { IsThrottle: false } failure)
            {
                member.Failed(failure.IsUnreachable ? FailuresUntilRest : 1, _time.GetUtcNow() + _rest);
                if (!failure.IsUnreachable)
                {
                    throw;
                }

                unreachable = failure;
            }
        }

        throw new TransientCallException($"none of the {_members.Count} endpoints can be reached; the last one: {unreachable!.Message}", unreachable) { IsUnreachable = true };
    }

    // The question's own order of servers (rendezvous hashing), those that rest at the end: when none is well, any is worth a try.
    private async Task<IReadOnlyList<Member>> InOrderAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var question = messages.FirstOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        var ordered = _members.OrderByDescending(member => StableHash.Of($"{question}\n{member.Endpoint.Name}")).ThenBy(member => member.Endpoint.Name, StringComparer.Ordinal).ToList();
        var (well, resting) = (new List<Member>(), new List<Member>());
        foreach (var member in ordered)
        {
            var isWell = member.RestsUntil is not { } until || (until <= _time.GetUtcNow() && await member.Endpoint.IsWellAsync(cancellationToken).ConfigureAwait(false));
            (isWell ? well : resting).Add(member);
        }

        return [.. well, .. resting];
    }

    private sealed class Member(PooledEndpoint endpoint, SemaphoreSlim? places)
    {
        private readonly Lock _gate = new();
        private int _failures;
        private DateTimeOffset? _restsUntil;

        public PooledEndpoint Endpoint { get; } = endpoint;

        public SemaphoreSlim? Places { get; } = places;

        public DateTimeOffset? RestsUntil
        {
            get
            {
                lock (_gate)
                {
                    return _restsUntil;
                }
            }
        }

        public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
        {
            if (Places is null)
            {
                return null;
            }

            await Places.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Place(Places);
        }

        public void Recovered()
        {
            lock (_gate)
            {
                (_failures, _restsUntil) = (0, null);
            }
        }

        public void Failed(int weight, DateTimeOffset until)
        {
            lock (_gate)
            {
                _failures += weight;
                if (_failures >= FailuresUntilRest)
                {
                    (_failures, _restsUntil) = (0, until);
                }
            }
        }

        private sealed class Place(SemaphoreSlim places) : IDisposable
        {
            public void Dispose() => places.Release();
        }
    }
}
