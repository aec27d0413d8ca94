using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>How many attempts at each question are collected, and when to stop before all are made.</summary>
/// <remarks>Only <see cref="Samples"/> says what the collection holds; everything else decides how far and how fast a run of it comes.</remarks>
public sealed record CollectionOptions
{
    /// <summary>Attempts a question. The default is the paper's.</summary>
    [Range(1, 100_000)] public int Samples { get; init; } = 8;

    /// <summary>Attempts under way at the same time.</summary>
    [Range(1, 4_096)] public int Concurrency { get; init; } = 4;

    /// <summary>O200k tokens, written and read, of the whole collection; no attempt is begun when they are used up. Null for no limit.</summary>
    [Range(1, long.MaxValue)] public long? MaxTokens { get; init; }

    /// <summary>Money of the whole collection at the prices below; no attempt is begun when it is used up. Null for no limit.</summary>
    [Range(0.0, 1e12)] public double? MaxCost { get; init; }

    /// <summary>Seconds of this run; attempts under way are then given up. Null for no limit.</summary>
    [Range(1, 1e9)] public double? MaxSeconds { get; init; }

    /// <summary>Price of a million tokens that the policy reads; each call reads the whole text so far.</summary>
    [Range(0.0, 1e6)] public double InputPrice { get; init; }

    /// <summary>Price of a million tokens that the policy writes.</summary>
    [Range(0.0, 1e6)] public double OutputPrice { get; init; }

    /// <summary>The collector with a loop.</summary>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public Collector Build(AgentLoop loop, TimeProvider? time = null) => new(loop, OptionsGuard.Checked(this), time ?? TimeProvider.System);
}

/// <summary>Makes the attempts of a plan that its ledger does not hold yet.</summary>
/// <remarks>
/// An attempt depends on (run, question, sample) alone, never on the order, the concurrency or what was made before. All that are under way ask the policy at the same time, so a local
/// policy reads and writes them in one batch.
/// </remarks>
public sealed class Collector
{
    /// <summary>Attempts stored in one transaction at most: a kill loses no more than these.</summary>
    private const int LargestCommit = 64;

    private readonly AgentLoop _loop;
    private readonly CollectionOptions _options;
    private readonly TimeProvider _time;

    internal Collector(AgentLoop loop, CollectionOptions options, TimeProvider time) => (_loop, _options, _time) = (loop, options, time);

    /// <summary>Runs until the plan is done, a budget is used up, or the policy is not there.</summary>
    /// <param name="ledger">Where attempts are kept.</param>
    /// <param name="progress">Told after each commit.</param>
    /// <param name="cancellationToken">Stops; finished attempts are in the ledger, the others are planned again.</param>
    public async Task<CollectionReport> RunAsync(CollectionLedger ledger, IProgress<CollectionProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var meter = new CollectionMeter(ledger.Status, _options, _time, progress);
        using var limit = _options.MaxSeconds is { } seconds ? new CancellationTokenSource(TimeSpan.FromSeconds(seconds), _time) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var made = Channel.CreateBounded<CollectedLine>(new BoundedChannelOptions(LargestCommit + _options.Concurrency) { SingleReader = true });
        var storing = StoreAsync(ledger, made.Reader, meter, stop);
        EndpointUnreachableException? unreachable = null;
        try
        {
            await Parallel.ForEachAsync(
                PlannedAsync(ledger, meter, stop.Token),
                new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = stop.Token },
                async (task, token) =>
                {
                    try
                    {
                        var line = await AttemptAsync(ledger, task, token).ConfigureAwait(false);
                        meter.Spend(line);
                        await made.Writer.WriteAsync(line, CancellationToken.None).ConfigureAwait(false);
                    }
                    catch (EndpointUnreachableException missing)
                    {
                        Interlocked.CompareExchange(ref unreachable, missing, null);
                        await stop.CancelAsync().ConfigureAwait(false);
                    }
                }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && (limit.IsCancellationRequested || unreachable is not null || storing.IsFaulted))
        {
            // Stopped for a reason that the report, or the failure to store, tells.
        }
        finally
        {
            made.Writer.Complete();
            await storing.ConfigureAwait(false);
            ledger.Release();
        }

        return meter.Report(ledger.Status, limit.IsCancellationRequested, unreachable?.Message);
    }

    private async IAsyncEnumerable<CollectionTask> PlannedAsync(CollectionLedger ledger, CollectionMeter meter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested && ledger.Lease(Math.Max(LargestCommit, _options.Concurrency)) is { Count: > 0 } leased)
        {
            foreach (var task in leased)
            {
                if (meter.IsBudgetUsedUp)
                {
                    yield break;
                }

                yield return task;
            }
        }
    }

    private async Task<CollectedLine> AttemptAsync(CollectionLedger ledger, CollectionTask task, CancellationToken cancellationToken)
    {
        var trajectory = await _loop.RunAsync(task.Key, task.Question.Text, null, cancellationToken).ConfigureAwait(false);
        return new CollectedLine(task.Ordinal, ledger.LineOf(trajectory), trajectory.Stop == StopReason.PolicyFailed, trajectory.Tokens.Total, TrajectoryCost.Of(trajectory, _options));
    }

    // One writer: whatever has come in meanwhile goes into one transaction.
    private static async Task StoreAsync(CollectionLedger ledger, ChannelReader<CollectedLine> made, CollectionMeter meter, CancellationTokenSource stop)
    {
        var batch = new List<CollectedLine>(LargestCommit);
        try
        {
            while (await made.WaitToReadAsync().ConfigureAwait(false))
            {
                while (batch.Count < LargestCommit && made.TryRead(out var line))
                {
                    batch.Add(line);
                }

                meter.Add(ledger.Commit(batch));
                batch.Clear();
            }
        }
        catch
        {
            // Nothing more can be stored: no further attempt is worth making, and nobody is to wait for room.
            await stop.CancelAsync().ConfigureAwait(false);
            await foreach (var _ in made.ReadAllAsync().ConfigureAwait(false))
            {
            }

            throw;
        }
    }
}
