using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Threads that compute the micro-batches of an update side by side on the CPU, each on a replica of the model and with one thread of libtorch's.</summary>
/// <remarks>
/// Two such workers do half as much again as one worker with two threads: products of small models are too short to be shared, and
/// nothing waits between them. Gradients of a micro-batch are added to the model's when those of all earlier ones have been, so that
/// bits depend neither on timing nor on the number of workers. One caller at a time.
/// </remarks>
internal sealed class ModelWorkers : IDisposable
{
    private readonly Worker[] _workers;

    /// <summary>Workers over the numbers of <paramref name="models"/>, which must outlive them.</summary>
    public ModelWorkers(TrainedModels models, int count)
    {
        var threads = get_num_threads();
        using var ready = new CountdownEvent(count);
        _workers = [.. Enumerable.Range(0, count).Select(number => new Worker(models, number, ready))];
        ready.Wait(Timeout.Infinite);
        set_num_threads(threads); // a worker's setting is its own, but also what later threads would begin with
    }

    /// <summary>The workers a run with <paramref name="options"/> has; null where the device does the work side by side itself.</summary>
    public static ModelWorkers? For(TrainedModels models, TrainerOptions options) => models.Policy.Device.type != DeviceType.CPU
        ? null
        : new ModelWorkers(models, options.Workers == 0 ? Math.Max(1, get_num_threads()) : options.Workers);

    /// <summary>Does <paramref name="work"/> on parts 0 to <paramref name="parts"/> - 1, under the caller's grad mode; gradients end up in the model.</summary>
    public void Run(int parts, Action<TrainedModels, int> work)
    {
        using var round = new WorkerRound(parts, _workers.Length, is_grad_enabled(), work);
        foreach (var worker in _workers)
        {
            worker.Take(round);
        }

        round.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<WorkerRound> _rounds = [];
        private readonly TrainedModels _replicas;
        private readonly Gradients _gathered;
        private readonly Gradients _total;
        private readonly Thread _thread;

        public Worker(TrainedModels models, int number, CountdownEvent ready)
        {
            _replicas = models.Replica();
            (_gathered, _total) = (new Gradients(_replicas.Policy.Parameters), new Gradients(models.Policy.Parameters));
            _thread = new Thread(() => Work(ready)) { IsBackground = true, Name = $"training {number}" };
            _thread.Start();
        }

        public void Take(WorkerRound round) => _rounds.Add(round);

        public void Dispose()
        {
            _rounds.CompleteAdding();
            _thread.Join();
            _rounds.Dispose();
            _replicas.Dispose();
        }

        private void Work(CountdownEvent ready)
        {
            set_num_threads(1);
            ready.Signal();
            foreach (var round in _rounds.GetConsumingEnumerable())
            {
                using var gradMode = set_grad_enabled(round.WithGradient);
                round.Do(_replicas, () => _gathered.MoveTo(_total));
                _gathered.Clear();
            }
        }
    }
}
