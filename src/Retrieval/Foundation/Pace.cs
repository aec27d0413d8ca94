using System.Threading.RateLimiting;

namespace Agentic.Retrieval;

/// <summary>Lets calls begin one interval apart, in the order they come, by an injected clock; refuses none.</summary>
internal sealed class Pace(TimeSpan interval, TimeProvider time) : RateLimiter
{
    private readonly Lock _gate = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        var wait = Reserve();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }

        return Granted.Instance;
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount) =>
        throw new NotSupportedException("a pace is waited for, not tried");

    private TimeSpan Reserve()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var turn = _next > now ? _next : now;
            _next = turn + interval;
            return turn - now;
        }
    }

    private sealed class Granted : RateLimitLease
    {
        public static readonly Granted Instance = new();

        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
