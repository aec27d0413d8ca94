using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The rows of a tensor (all axes but the last) in tasks of a fixed size, so that what a task sums up does not depend on the number of workers.</summary>
internal static class RowTasks
{
    /// <summary>Rows of a task.</summary>
    public const int Size = 256;

    /// <summary>Tasks of a tensor.</summary>
    public static long Count(Tensor tensor) => (Rows(tensor) + Size - 1) / Size;

    /// <summary>Does <paramref name="work"/> on each row with a worker's state and the number of the row's task.</summary>
    public static void Run<TState>(Tensor tensor, Func<TState> make, Action<TState, long, long> work)
        where TState : IDisposable
    {
        var rows = Rows(tensor);
        TensorMemory.ForEach(Count(tensor), make, (state, task) =>
        {
            for (var row = task * Size; row < Math.Min(rows, (task + 1) * Size); row++)
            {
                work(state, row, task);
            }
        });
    }

    private static long Rows(Tensor tensor) => tensor.shape[^1] == 0 ? 0 : tensor.numel() / tensor.shape[^1];
}
