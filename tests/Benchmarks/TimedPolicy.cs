using System.Diagnostics;
using Agentic.Agent;

namespace Agentic.Benchmarks;

/// <summary>Sums the time a policy takes for its completions.</summary>
internal sealed class TimedPolicy(IPolicy policy) : IPolicy
{
    private long _ticks;

    public string Id => policy.Id;

    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public async Task<Completion> CompleteAsync(PolicyRequest request, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var completion = await policy.CompleteAsync(request, cancellationToken);
        Interlocked.Add(ref _ticks, Stopwatch.GetElapsedTime(start).Ticks);
        return completion;
    }
}
