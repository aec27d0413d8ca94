using System.Runtime.ExceptionServices;

namespace Agentic.Training;

/// <summary>The parts of one update on their way through the workers: taken in order, handed in in order.</summary>
internal sealed class WorkerRound(int parts, int workers, bool withGradient, Action<TrainedModels, int> work) : IDisposable
{
    private readonly CountdownEvent _atWork = new(workers);
    private readonly Lock _taking = new();
    private readonly object _turns = new();
    private int _next;
    private int _turn;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Whether parts gather gradients.</summary>
    public bool WithGradient => withGradient;

    /// <summary>Until every worker is through; throws what one of them threw.</summary>
    public void Finish()
    {
        _atWork.Wait(Timeout.Infinite);
        _failure?.Throw();
    }

    /// <summary>One worker's share: parts as long as there are any.</summary>
    /// <param name="models">The worker's replicas.</param>
    /// <param name="handIn">Called after each part, when all earlier parts have been handed in.</param>
    public void Do(TrainedModels models, Action handIn)
    {
        try
        {
            while (Take() is { } part)
            {
                work(models, part);
                InTurn(part, handIn);
            }
        }
        catch (Exception exception)
        {
            Fail(exception); // thrown again on the thread that waits
        }
        finally
        {
            _atWork.Signal();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _atWork.Dispose();

    private int? Take()
    {
        lock (_taking)
        {
            return _next < parts && _failure is null ? _next++ : null;
        }
    }

    // The earliest part at work waits for nobody, so that one always goes on.
    private void InTurn(int part, Action handIn)
    {
        lock (_turns)
        {
            while (_turn != part && _failure is null)
            {
                Monitor.Wait(_turns);
            }

            if (_failure is not null)
            {
                return;
            }

            if (withGradient)
            {
                handIn();
            }

            _turn++;
            Monitor.PulseAll(_turns);
        }
    }

    private void Fail(Exception exception)
    {
        lock (_turns)
        {
            _failure ??= ExceptionDispatchInfo.Capture(exception);
            Monitor.PulseAll(_turns);
        }
    }
}
