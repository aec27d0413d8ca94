using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>What each task adds to the gradient of something all tasks share (a gain), summed in the order of the tasks whichever worker did them.</summary>
internal sealed unsafe class TaskSums : IDisposable
{
    private readonly KernelBuffers _buffers = new();
    private readonly long _tasks;
    private readonly int _width;
    private readonly int _padded;
    private readonly float* _sums;

    /// <summary>One row of <paramref name="width"/> zeros, padded to whole vectors, for each task.</summary>
    public TaskSums(long tasks, int width)
    {
        (_tasks, _width, _padded) = (tasks, width, SimdTile.Up(width));
        _sums = _buffers.Rent(Math.Max(1, tasks) * _padded);
    }

    /// <summary>The row of a task, for it alone to add to.</summary>
    public float* Of(long task) => _sums + (task * _padded);

    /// <summary>Their sum, float32 [width].</summary>
    public Tensor Total()
    {
        for (var task = 1L; task < _tasks; task++)
        {
            for (var column = 0; column < _padded; column += SimdTile.Lanes)
            {
                (Vector512.Load(_sums + column) + Vector512.Load(Of(task) + column)).Store(_sums + column);
            }
        }

        return tensor(new ReadOnlySpan<float>(_sums, _width).ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => _buffers.Dispose();
}
