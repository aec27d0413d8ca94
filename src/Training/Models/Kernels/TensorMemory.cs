using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Where the numbers of a CPU tensor lie, for the managed kernels.</summary>
internal static partial class TensorMemory
{
    /// <summary>Address of the first number; valid while the tensor lives.</summary>
    public static nint Address(Tensor tensor) => Data(tensor.Handle);

    /// <summary>Whether the managed kernels compute on tensors of this type and place.</summary>
    public static bool IsManaged(ScalarType type, Device device) => device.type == DeviceType.CPU && type is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>Runs tasks 0 to <paramref name="count"/> - 1 on as many workers as torch has threads, each worker with a state of its own.</summary>
    /// <remarks>Which worker does a task differs from run to run: tasks must not share what they write.</remarks>
    public static void ForEach<TState>(long count, Func<TState> make, Action<TState, long> work)
        where TState : IDisposable
    {
        var workers = Math.Min(count, get_num_threads());
        if (workers <= 1)
        {
            using var state = make();
            for (var task = 0L; task < count; task++)
            {
                work(state, task);
            }

            return;
        }

        Parallel.For(0L, count, new ParallelOptions { MaxDegreeOfParallelism = (int)workers }, make, (task, _, state) =>
        {
            work(state, task);
            return state;
        }, state => state.Dispose());
    }

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint Data(nint tensor);
}
